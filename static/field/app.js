// The app on phone and tablet: screens by the address after #, kept by the service worker, fed by the state.
import { button, h, icon, link, note } from "./dom.js";
import { scope } from "./network.js";
import { crossing } from "./screens/crossing.js";
import { entry } from "./screens/entry.js";
import { code, locked, unsafe } from "./screens/gate.js";
import { home } from "./screens/home.js";
import { askNothing } from "./screens/parts.js";
import { patrol } from "./screens/patrol.js";
import { start } from "./screens/start.js";
import { waiting } from "./screens/waiting.js";
import { applyTheme } from "./prefs.js";
import { State } from "./state.js";

// Screens that are fetched after the shell.
const later = (path, name) => async (content, ...rest) => {
  const found = await import(path).catch(() => null);
  if (found) return found[name](content, ...rest);
  content.append(h("h1", {}, "Not here yet"), note("info", "This part has not been fetched yet. Open the app once with a network."), link("Back", "#/"));
  return {};
};

const SCREENS = { "": home, start, patrol, entry, crossing, powers: later("./screens/powers.js", "powers"), waiting, settings: later("./screens/settings.js", "settings"), track: later("./screens/track.js", "track") };
const main = document.querySelector("#main");
const state = new State();
let shown = null;

export function say(words) {
  document.querySelector("[data-said]").textContent = words;
}

function route() {
  const [, name = "", ...rest] = location.hash.replace(/^#/, "").split("/");
  return { name: name in SCREENS ? name : "", arguments: rest.map(decodeURIComponent) };
}

function screenFor({ name }) {
  if (!window.isSecureContext) return unsafe;
  if (!state.locker) return locked;
  if (state.needsCode && state.session?.officer === state.officer) return code;
  return SCREENS[name];
}

function top() {
  const place = document.querySelector("[data-state]");
  const count = state.rows.filter((row) => row.state === "waiting").length;
  const words = !state.locker ? "" : state.sending ? "Sending …" : count ? `${count} waiting` : state.stopped === "offline" ? "No network" : "";
  place.replaceChildren(...(words ? [icon(count ? "hourglass" : "alert"), h("span", {}, words)] : []));
}

let drawing = false;
let again = false;

// Draws the screen anew. A screen with a form under the hand says `keeps`, and is told instead.
async function draw() {
  if (drawing) {
    again = true;
    return;
  }
  drawing = true;
  try {
    await drawOnce();
  } finally {
    drawing = false;
  }
  if (again) {
    again = false;
    draw();
  }
}

async function drawOnce() {
  top();
  const where = route();
  const screen = screenFor(where);
  const place = `${screen === SCREENS[where.name] ? where.name : screen.name}/${where.arguments.join("/")}`;
  // `keeps` answers whether it must be drawn anew after all.
  if (!(shown?.place === place && shown.keeps && !shown.keeps())) {
    const fresh = shown?.place !== place;
    if (fresh) askNothing();
    shown?.end?.();
    const content = h("div", { class: "screen" });
    const kept = (await screen(content, state, { draw, say, go }, ...where.arguments)) ?? {};
    const focused = document.activeElement?.id;
    shown = { place, ...kept };
    main.replaceChildren(content);
    main.removeAttribute("aria-busy");
    document.title = `${content.querySelector("h1")?.textContent ?? "In the field"} · Entente`;
    if (kept.focus) main.querySelector(kept.focus)?.focus();
    else if (fresh) main.focus({ preventScroll: true });
    else if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (fresh) window.scrollTo(0, 0);
  }
}

function go(hash) {
  if (location.hash === hash) draw();
  else location.hash = hash;
}

// --- What the browser tells ------------------------------------------------------------------------------------------
const notes = document.querySelector("[data-notes]");

async function work() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const registration = await navigator.serviceWorker.register(`${scope}worker.js`, { scope });
  const offer = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller || notes.querySelector("[data-newer]")) return;
    const load = button("Load it", () => registration.waiting?.postMessage("take over"), { kind: "small" });
    notes.append(h("div", { "data-newer": true }, note("info", "A newer version is ready. What you logged stays. ", load)));
  };
  const watched = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (watched) location.reload(); });
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  offer();
  const { active } = await navigator.serviceWorker.ready;
  document.body.dataset.ready = "1";
  // The map is no part of the shell: fetched when everything else is there.
  navigator.serviceWorker.addEventListener("message", ({ data }) => { if (data === "whole") document.body.dataset.whole = "1"; });
  active.postMessage("keep the rest");
}

// Warnings stand above every screen while a patrol is under way; a new one is said, and felt.
const warned = document.querySelector("[data-alarms]");
function warn({ fresh, patrol }) {
  const crossing = route().name === "crossing";
  const shownHere = state.alarms.filter(({ id }) => !(crossing && (id === "abroad" || id.startsWith("limit"))));
  const words = JSON.stringify(shownHere);
  if (warned.dataset.words !== words) {
    warned.dataset.words = words;
    warned.hidden = !shownHere.length;
    warned.replaceChildren(...shownHere.map(({ id, tone, words: line }) => h("a", { class: `alarm alarm-${tone}`, "data-alarm": id, href: id.startsWith("limit") || id === "abroad" ? `#/crossing/${patrol}` : `#/patrol/${patrol}` }, icon(tone === "info" ? "border" : "alert"), h("span", {}, line))));
  }
  if (!fresh.length) return;
  document.querySelector("[data-alarmed]").textContent = fresh.map((each) => each.words).join(" ");
  navigator.vibrate?.([300, 100, 300]);
}

// While a patrol is under way the server is asked now and then: a basis that falls away is heard of in minutes (R24).
const EVERY = 180000;
setInterval(() => state.locker && state.watch(), 5000);
setInterval(() => { if (state.running.length && !document.hidden && navigator.onLine) state.contact(); }, EVERY);

async function room() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota && quota - usage < 50 * 1024 * 1024) {
    notes.querySelector("[data-room]")?.remove();
    notes.append(h("div", { "data-room": true }, note("bad", `This device has ${Math.round((quota - usage) / 1048576)} MB left for the app. Send what waits, or carry it out in a file. `, link("Waiting to send", "#/waiting"))));
  }
}

addEventListener("hashchange", () => { draw(); state.watch(); });
addEventListener("online", () => (state.locker ? state.contact() : state.enter()));
addEventListener("offline", () => { state.stopped = "offline"; state.changed(); });
document.addEventListener("visibilitychange", () => { if (document.hidden || !state.locker) return; state.follow(); state.contact(); });
state.addEventListener("changed", draw);
state.addEventListener("watched", ({ detail }) => warn(detail));
state.addEventListener("stored", room);

applyTheme();
work().catch(() => {});
room();
state.begin().catch((error) => {
  main.removeAttribute("aria-busy");
  main.replaceChildren(h("h1", {}, "In the field"), note("bad", `The app could not open its store on this device: ${error.message}. In a private window it cannot keep anything.`));
});
