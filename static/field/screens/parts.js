// Parts that several screens show.
import { button, chip, h, link, note } from "../dom.js";
import { begun as editing } from "../core/edits.js";
import { chosenOf, offered } from "../core/forms.js";
import { clock, driftWords } from "../core/times.js";
import { KINDS, stateOf, stopWords } from "../core/words.js";

// Of a patrol that was begun on this device, what its first row says; else what the kit says.
const begun = (state, id) => state.rows.find((row) => row.id === id && row.kind === "patrol.start")?.wire?.body;

export const titleOf = (state, id) => state.kit?.patrol(id, Date.now())?.title ?? begun(state, id)?.title ?? "Patrol";

export const operationOf = (state, id) => state.operationOf(id);

export function labelOf(state, row) {
  const { type, form, edits } = row.wire?.body ?? row.body ?? {};
  if (edits) return "Edited entry";
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
  // Two versions, and what waits for a tap, are looked at in the portal.
  const where = row.state === "conflict" ? "/field/versions/" : null;
  return h("li", { class: "row", "data-row": row.id },
    h("div", { class: "row-head" }, h("strong", {}, labelOf(state, row)), h("time", {}, clock(row.wire?.happened_at ?? row.happenedAt ?? row.madeAt))),
    body.text && h("p", { class: "row-text" }, body.text),
    h("div", { class: "row-state" }, chip(told), photos.length > 0 && h("span", { class: "hint" }, `${photos.length} photograph${photos.length === 1 ? "" : "s"}`)),
    told.reasons.map((reason) => h("p", { class: "reason" }, reason)),
    where && h("a", { href: where }, "Look at both in the portal"),
    actions.length > 0 && h("div", { class: "row-actions" }, ...actions));
}

// What can be done with a row that is not on its way: go on, change, put right.
export function actions(state, row, { go }) {
  const put = async (draft) => {
    if (!draft) return;
    await state.refresh();
    if (draft.kind === "observation") go(`#/entry/${draft.id}`);
    else {
      // Nothing to write on: it goes again as it is.
      await state.outbox.commit(draft.id);
      await state.refresh();
      state.send();
    }
  };
  const found = [];
  if (row.state === "draft") found.push(link("Continue", row.kind === "observation" ? `#/entry/${row.id}` : `#/crossing/${row.patrol}`, { kind: "small" }));
  if (row.state === "waiting" && row.kind === "observation" && !row.attempts && !row.carried) found.push(button("Change", async () => put(await state.outbox.takeBack(row.id)), { kind: "small" }));
  if ((row.state === "refused" && !row.correctedBy && row.kind !== "photo") || row.problem?.code === "missing") {
    found.push(button(row.kind === "observation" ? "Put right" : "Send again", async () => put(await state.outbox.correct(row.id)), { kind: "small" }));
  }
  const edit = editing(state.rows, row.id);
  if (edit) found.push(button("Edit", async () => put(await state.outbox.draft("observation", edit)), { kind: "small" }));
  return found;
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

// A call for help or a missed check-in that is known at the desk: who acts on it.
export function calls(state, id) {
  return (state.kit?.calls ?? []).filter((each) => !each.patrol || each.patrol === id).map((each) => {
    const word = each.cause === "panic" ? "Your call for help" : "Your missed check-in";
    const answers = (each.answers ?? []).map((answer) => h("p", {}, `${answer.agency}: ${answer.acts ? "acts" : "does not act"}${answer.words ? `, ${answer.words}` : ""}`));
    return each.acknowledged_at
      ? note("info", h("p", {}, `${word} was heard ${clock(each.acknowledged_at)} by ${each.acknowledged_by}.`), answers)
      : note("wait", h("p", {}, `${word} has reached your agency ${clock(each.raised_at)}. Nobody has said yet that they act.`), answers);
  });
}

// Asks twice: the first button opens, the second one does it. `more` stands between them. A screen is drawn anew while
// one reads it (something was received, a position came): what was asked stays asked, until the screen is left.
const asked = new Set();
const latest = new Map(); // the one of a screen that is being drawn may not stand there yet
export function askNothing() {
  asked.clear();
  latest.clear();
}
export function twice(words, sure, work, options, ...more) {
  const place = h("span", { class: "twice" });
  const { id, ...second } = options;
  const close = () => { asked.delete(sure); place.replaceChildren(first); first.focus(); };
  const yes = button(sure, async () => {
    asked.delete(sure);
    try {
      await work();
    } catch (error) {
      asked.add(sure);
      throw error;
    }
  }, { ...second, id: `sure-${sure.replace(/\W+/g, "-").toLowerCase()}` });
  const open = () => place.replaceChildren(...more, yes, button("No", close));
  const first = button(words, () => { asked.add(sure); latest.get(sure)?.(); open(); yes.focus(); }, options);
  latest.set(sure, open);
  if (asked.has(sure)) open();
  else place.append(first);
  return place;
}

// A fold that stays open while its screen is drawn anew.
const unfolded = new Set();
export function folded(key, words, ...children) {
  const fold = h("details", { class: "fold", open: unfolded.has(key), ontoggle: () => (fold.open ? unfolded.add(key) : unfolded.delete(key)) }, h("summary", {}, words), h("div", { class: "fold-body" }, ...children));
  return fold;
}
