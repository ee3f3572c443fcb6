// Small manners of every page. Everything works without them.
import { guard } from "./forms.js";

const root = document.documentElement;

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    try { localStorage.setItem("theme", next); } catch { /* private window: for this page only */ }
    document.dispatchEvent(new CustomEvent("entente:theme"));
  }
  for (const open of document.querySelectorAll("details[data-popover][open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details[data-popover][open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// What a screen reader is told about something that changed by itself.
export function announce(text) {
  const box = document.querySelector("#messages");
  if (!box) return;
  const note = Object.assign(document.createElement("p"), { className: "visually-hidden", textContent: text });
  box.append(note);
  setTimeout(() => note.remove(), 10000);
}

// On a phone each cell of a table stands alone: it carries the words of its column.
function labelCells(within) {
  for (const table of within.querySelectorAll("table.cards")) {
    const words = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    for (const row of table.tBodies[0]?.rows ?? []) {
      [...row.cells].forEach((cell, index) => {
        if (words[index] && cell.textContent.trim()) cell.dataset.label = words[index];
      });
    }
  }
}

// Instants far from the officer's own clock get that clock as a hint.
function hintTimes(within) {
  const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  for (const time of within.querySelectorAll("time[datetime*='T']")) {
    const instant = new Date(time.dateTime);
    if (!Number.isNaN(instant.valueOf()) && !time.title) time.title = `On this device: ${format.format(instant)}`;
  }
}

async function start(within) {
  labelCells(within);
  hintTimes(within);
  guard(within);
  if (within.querySelector("[data-map]")) (await import("./map.js")).start(within);
  if (within.querySelector("[data-chart]")) (await import("./chart.js")).start(within);
}

// An address with a place in the page (#id_photos) leads there once all is loaded: what is wrong comes before it.
const problem = document.querySelector("[data-error-summary]");
problem?.focus();
if (problem && location.hash) {
  addEventListener("load", () => setTimeout(() => { problem.focus({ preventScroll: true }); problem.scrollIntoView(); }), { once: true });
}

// Both clocks stand for one instant, so they go together.
const clock = document.querySelector("[data-utc-clock]");
const zone = document.querySelector(".foot-zone");
function tick() {
  const now = new Date();
  clock.textContent = `${now.toISOString().slice(11, 16)}Z`;
  if (!zone) return;
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone.textContent, day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(now);
  const part = (type) => parts.find((item) => item.type === type).value;
  zone.previousSibling.data = `${part("day")} ${part("month").slice(0, 3)} ${part("year")}, ${part("hour")}:${part("minute")} `;
}
if (clock) setInterval(tick, 20000);

document.addEventListener("htmx:afterSettle", (event) => {
  event.target.removeAttribute("aria-busy");
  start(event.target);
});

// A fragment that did not come says so in its place, with a way to ask again.
function failed(event) {
  const place = event.detail.target?.closest("[data-panel]");
  if (!place) return;
  place.removeAttribute("aria-busy");
  const note = Object.assign(document.createElement("p"), { className: "note note-warning", textContent: "This part could not be loaded. " });
  const again = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: "Try again" });
  again.addEventListener("click", () => { window.htmx.ajax("GET", place.getAttribute("hx-get"), place); });
  note.append(again);
  place.querySelector(".loading, .note")?.replaceWith(note);
}
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);

start(document);
