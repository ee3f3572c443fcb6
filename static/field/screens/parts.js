// Parts that several screens show.
import { chip, h, link, note } from "../dom.js";
import { chosenOf, offered } from "../core/forms.js";
import { clock, driftWords } from "../core/times.js";
import { KINDS, stateOf, stopWords } from "../core/words.js";

// Of a patrol that was begun on this device, what its first row says; else what the kit says.
const begun = (state, id) => state.rows.find((row) => row.id === id && row.kind === "patrol.start")?.wire?.body;

export const titleOf = (state, id) => state.kit?.patrol(id, Date.now())?.title ?? begun(state, id)?.title ?? "Patrol";

export const operationOf = (state, id) => state.kit?.patrol(id, Date.now())?.operation ?? begun(state, id)?.operation
  ?? state.rows.find((row) => row.patrol === id && row.operation)?.operation ?? null;

export function labelOf(state, row) {
  const { type, form } = row.wire?.body ?? row.body ?? {};
  if (row.kind === "observation") {
    const { own, words } = offered(state.kit?.list("observation_types", Date.now()) ?? [], row.operation ?? operationOf(state, row.patrol));
    return chosenOf(own, { type, form })?.label ?? words.find((each) => each.value === type)?.label ?? "Entry";
  }
  return KINDS[row.kind] ?? row.kind;
}

// One line of the log: when, what, how it stands, and why not.
export function rowLine(state, row, ...actions) {
  const photos = state.photosOf(row.id);
  const told = stateOf(row, photos);
  const body = row.wire?.body ?? row.body ?? {};
  return h("li", { class: "row", "data-row": row.id },
    h("div", { class: "row-head" }, h("strong", {}, labelOf(state, row)), h("time", {}, clock(row.wire?.happened_at ?? row.happenedAt ?? row.madeAt))),
    body.text && h("p", { class: "row-text" }, body.text),
    h("div", { class: "row-state" }, chip(told), photos.length > 0 && h("span", { class: "hint" }, `${photos.length} photograph${photos.length === 1 ? "" : "s"}`)),
    told.reasons.map((reason) => h("p", { class: "reason" }, reason)),
    actions.length > 0 && h("div", { class: "row-actions" }, ...actions));
}

// What stands in the way of sending, and what the officer should know of the kit and the clock.
export function standing(state, operation = null) {
  const parts = [];
  const waits = state.rows.some((row) => row.state === "waiting");
  if (state.stopped && waits) parts.push(note("info", stopWords(state.stopped), state.stopped === "signed_out" ? link("Sign in", `${document.body.dataset.login}?next=${encodeURIComponent(document.body.dataset.scope)}`, { kind: "small" }) : null));
  const drift = driftWords(state.drift);
  if (drift) parts.push(note("info", drift));
  if (operation && (state.kit?.hasLost(operation) || state.kit?.withdrawn)) parts.push(fallen(state, operation));
  else if (state.kit?.isOver(Date.now())) parts.push(note("info", "What you took along is older than a day, and closed. Logging goes on. It opens again with a network."));
  return parts;
}

// The basis has fallen away: what the plan says to do (R24).
export function fallen(state, operation) {
  const rows = state.kit.instructions(operation);
  return h("section", { class: "fallen", role: "alert" }, h("h2", {}, "The legal basis has fallen away"),
    rows.length ? rows.map((row) => h("p", { class: "instruction" }, row.text)) : h("p", {}, "Finish, return to your own territory, and report to your duty desk."),
    h("p", { class: "hint" }, "Powers on the other side no longer count. Go on logging: what you log remains your agency’s."));
}
