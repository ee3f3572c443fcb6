// What the officer must hear now, on whatever screen: the basis gone, a limit run out, the edge of the area, a check-in
// overdue. Worked out on the device. `id` changes when it must be said again.
import { lasting } from "./times.js";
import { kilometres } from "./tracks.js";

export const SOON = 300; // seconds before a check-in is due

export function limitWords(rest) {
  if (rest.fallen) return "The basis has fallen away: no article permits it any longer.";
  if (rest.state === "unknown") return "No limit is known on this device. Ask your duty desk.";
  if (rest.state === "unlimited") return "The article sets no limit in time or distance.";
  const parts = [];
  if (rest.seconds !== null) parts.push(rest.seconds > 0 ? `${lasting(rest.seconds)} left` : `over by ${lasting(-rest.seconds)}`);
  if (rest.metres !== null) parts.push(rest.metres > 0 ? `${kilometres(rest.metres)} left, as the crow flies` : `${kilometres(-rest.metres)} beyond`);
  return parts.join(" · ") || "Not permitted by any article.";
}

function areaAlarm(near) {
  if (near?.state === "outside") return { id: "outside", tone: "bad", words: `Outside the agreed area, ${kilometres(near.metres)} from its edge.` };
  if (near?.state === "near") return { id: "near", tone: "wait", words: `At the edge of the agreed area: ${kilometres(near.metres)}.` };
  return null;
}

function checkAlarm(timer, now) {
  if (!timer?.dueAt) return null;
  const seconds = (timer.dueAt - now) / 1000;
  if (seconds <= 0) return { id: "overdue", tone: "bad", words: `Check-in overdue by ${lasting(-seconds)}. Tap “I am well”, or your agency looks for you.` };
  return seconds <= SOON ? { id: "due", tone: "wait", words: `Check-in due in ${lasting(seconds)}.` } : null;
}

// {now, lost, crossing, rest, near, timer} → [{id, tone: "bad" | "wait" | "info", words}], the worst first.
export function alarmsOf({ now, lost = false, crossing = null, rest = null, near = null, timer = null }) {
  const found = [];
  if (lost) found.push({ id: "fallen", tone: "bad", words: "The legal basis has fallen away. Read the instructions." });
  if (crossing && rest) {
    const tone = { over: "bad", tight: "wait" }[rest.state] ?? "info";
    found.push({ id: tone === "info" ? "abroad" : `limit-${rest.state}`, tone, words: `On partner territory (${crossing.territory}): ${limitWords(rest)}` });
  }
  found.push(areaAlarm(near), checkAlarm(timer, now));
  const order = ["bad", "wait", "info"];
  return found.filter(Boolean).sort((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone));
}
