// A patrol under way: where it stands, quick buttons, its log, and what ends it.
import { button, h, link, note } from "../dom.js";
import { nearness } from "../core/areas.js";
import { left, limits } from "../core/crossings.js";
import { journal, replay, underWay } from "../core/patrols.js";
import { written } from "../core/places.js";
import { clock, lasting } from "../core/times.js";
import { kilometres } from "../core/tracks.js";
import { placed } from "../positions.js";
import { format } from "./settings.js";
import { operationOf, rowLine, standing, titleOf } from "./parts.js";
import { begin, territories } from "./start.js";

const QUICK = 6;

function nearWords({ state, metres }) {
  if (state === "outside") return ["bad", `Outside the agreed area, ${kilometres(metres)} from its edge.`];
  if (state === "near") return ["wait", `At the edge of the agreed area: ${kilometres(metres)}.`];
  return null;
}

export function limitWords(rest) {
  if (rest.state === "unknown") return "No limit is known on this device. Ask your duty desk.";
  if (rest.state === "unlimited") return "The article sets no limit in time or distance.";
  const parts = [];
  if (rest.seconds !== null) parts.push(rest.seconds > 0 ? `${lasting(rest.seconds)} left` : `over by ${lasting(-rest.seconds)}`);
  if (rest.metres !== null) parts.push(rest.metres > 0 ? `${kilometres(rest.metres)} left, as the crow flies` : `${kilometres(-rest.metres)} beyond`);
  return parts.join(" · ") || "Not permitted by any article.";
}

// Track of the leg so far, as an item: at its rests and at its end.
async function sendTrack(state, patrol, leg) {
  const body = await state.recorder.body(leg);
  if (body) await state.outbox.add("track", { patrol, leg, body });
}

export async function patrol(content, state, { go, say }, id) {
  const operation = operationOf(state, id);
  const there = replay(state.rows, id);
  const { leg } = there;
  const act = (kind, fields) => state.log(kind, { patrol: id, ...fields });
  const here = h("p", { class: "here" });
  const warned = h("div", {});
  const figures = h("dl", { class: "figures" });
  let told = "";

  const tick = () => {
    const place = state.positions.last;
    const running = leg ? [["Under way", lasting(underWay(leg, Date.now()) / 1000)], ["Distance", leg.id === state.recorder.leg ? kilometres(state.recorder.metres) : "–"]] : [];
    figures.replaceChildren(...running.map(([word, value]) => h("div", {}, h("dt", {}, word), h("dd", {}, value))));
    here.textContent = state.positions.trouble || (place ? `${written(place, format())} ± ${Math.round(place.accuracy)} m` : leg && !leg.pausedAt ? "Looking for your position …" : "");
    const words = place && leg ? nearWords(nearness(state.kit?.areas(operation, Date.now()) ?? [], place)) : null;
    const lines = words ? [words] : [];
    if (there.crossing) {
      const rest = left(limits(state.kit?.cards(operation, Date.now()) ?? [], { actor: state.own.country, host: there.crossing.territory, basis: there.crossing.basis }), there.crossing, Date.now(), place);
      lines.push([{ over: "bad", tight: "wait" }[rest.state] ?? "info", `On partner territory (${there.crossing.territory}): ${limitWords(rest)}`]);
    }
    const loud = lines.filter(([tone]) => tone !== "info").map(([tone, line]) => `${tone} ${line.replace(/[\d.].*/, "")}`).join();
    if (loud && loud !== told) {
      say(lines.map(([, line]) => line).join(" "));
      navigator.vibrate?.([200, 100, 200]);
    }
    told = loud;
    warned.replaceChildren(...lines.map(([tone, line]) => note(tone, line)));
  };

  content.append(h("h1", {}, titleOf(state, id)), ...standing(state, operation), warned);
  if (leg) content.append(h("section", { class: "now", "aria-label": "Now" }, h("p", { class: "since" }, `Leg in ${leg.territory} since ${clock(leg.startedAt)}${leg.pausedAt ? " · paused" : ""}`), figures, here));
  const types = (state.kit?.types(operation, Date.now()) ?? []).slice(0, QUICK);
  const log = async (type) => go(`#/entry/${(await state.outbox.draft("observation", { patrol: id, leg: leg?.id ?? null, operation, body: { type, text: "" } })).id}`);
  if (!there.endedAt) {
    content.append(h("section", { class: "quick", "aria-label": "Log" },
      (types.length ? types : [{ value: "note", label: "Note" }]).map((type) => button(type.label, () => log(type.value), { kind: "quick", "data-quick": type.value }))));
    content.append(h("div", { class: "pair" },
      link(there.crossing ? "Crossing log" : "Entered partner territory", `#/crossing/${id}`, { kind: there.crossing ? "wait" : "plain", shape: "border" }),
      link("Powers card", `#/powers/${id}`, { shape: "book" })));
  }
  const rows = journal(state.rows, id);
  content.append(h("section", { "aria-label": "Log of this patrol" }, h("h2", {}, "Log"),
    rows.length ? h("ul", { class: "rows" }, rows.slice(0, 60).map((row) => rowLine(state, row, row.state === "draft" && link("Continue", `#/entry/${row.id}`, { kind: "small" })))) : h("p", { class: "hint" }, "Nothing yet.")));
  if (!there.endedAt) content.append(controls(state, there, { id, operation, act, go, say }));
  tick();
  const timer = setInterval(tick, 1000);
  state.addEventListener("moved", tick);
  return { end: () => { clearInterval(timer); state.removeEventListener("moved", tick); } };
}

// Ending asks twice: the button opens, the second one ends.
function controls(state, there, { id, operation, act, go, say }) {
  const { leg } = there;
  const fold = h("details", { class: "fold" }, h("summary", {}, "Pause, new leg, end"));
  const inside = h("div", { class: "fold-body" });
  fold.append(inside);
  const closeLeg = async () => {
    await state.outbox.add("leg.end", { patrol: id, leg: leg.id, body: {} });
    await sendTrack(state, id, leg.id);
  };
  if (leg) {
    inside.append(leg.pausedAt
      ? button("Resume", async () => { await act("leg.resume", { leg: leg.id }); state.broken = true; await state.follow(); }, { shape: "play" })
      : button("Pause", async () => { await state.outbox.add("leg.pause", { patrol: id, leg: leg.id }); await sendTrack(state, id, leg.id); await state.refresh(); await state.follow(); state.send(); }, { shape: "pause" }));
    const what = h("input", { id: "leg-note", maxlength: 200, autocomplete: "off" });
    const where = h("select", { id: "leg-where" }, territories(state, operation).map((code) => h("option", { value: code, ...(code === leg.territory ? { selected: true } : {}) }, code)));
    inside.append(h("fieldset", {}, h("legend", {}, "New leg"), h("label", { for: "leg-where" }, "Territory"), where, h("label", { for: "leg-note" }, "Change of team or vehicle"), what,
      button("Begin new leg", async () => {
        await closeLeg();
        const next = (await state.outbox.draft("leg.start", { patrol: id, operation, body: { territory: where.value, note: what.value.trim() || "New leg" } })).id;
        await state.outbox.change(next, { leg: next });
        await state.outbox.commit(next);
        await state.refresh();
        await state.follow();
        state.send();
        say("New leg begun.");
      }, { shape: "plus" })));
  } else inside.append(button("Start my leg", () => begin(state, { id, operation, state: "active" }), { shape: "play" }));
  const safety = h("div", { class: "pair" },
    button("I am well", async () => { await act("check_in", { leg: leg?.id ?? null, body: placed(state.positions.last) }); say("Checked in."); }, { shape: "check", id: "check-in" }),
    twice("Call for help", "Yes, call for help", async () => { await act("panic", { leg: leg?.id ?? null, body: placed(state.positions.last ?? (await state.positions.once())) }); say("Help is called as soon as there is a network. Use the radio too."); }, { kind: "bad", shape: "sos" }));
  inside.append(twice(leg ? "End leg and patrol" : "End patrol", "Yes, end it now", async () => {
    if (leg) await closeLeg();
    if (there.startedAt) await state.outbox.add("patrol.end", { patrol: id, body: {} });
    await state.refresh();
    await state.follow();
    state.send();
    go("#/");
  }, { kind: "bad", shape: "stop" }));
  return h("div", { class: "foot" }, safety, fold);
}

export function twice(words, sure, work, options) {
  const place = h("span", { class: "twice" });
  const first = button(words, () => {
    const yes = button(sure, work, options);
    place.replaceChildren(yes, button("No", () => { place.replaceChildren(first); first.focus(); }));
    yes.focus();
  }, options);
  place.append(first);
  return place;
}

