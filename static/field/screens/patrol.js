// A patrol under way: where it stands, quick buttons, its log, and what ends it.
import { button, choose, field, h, icon, link, note } from "../dom.js";
import { INTERVALS } from "../core/checkins.js";
import { journal, replay, underWay } from "../core/patrols.js";
import { written } from "../core/places.js";
import { put } from "../core/stretches.js";
import { clock, lasting } from "../core/times.js";
import { kilometres } from "../core/tracks.js";
import { accuracyWords, placed } from "../positions.js";
import { enterNow, others } from "./crossing.js";
import { cameraInput, keepPictures } from "./pictures.js";
import { format } from "../prefs.js";
import { actions, calls, folded, rowLine, standing, titleOf, twice } from "./parts.js";
import { begin, codes, territories } from "./start.js";

const QUICK = 6;
const CHANGES = [{ value: "Change of team", label: "Team" }, { value: "Change of vehicle", label: "Vehicle" }, { value: "Other territory", label: "Territory" }, { value: "New leg", label: "Other" }];

export async function patrol(content, state, { go, say }, id) {
  const operation = state.operationOf(id);
  const there = replay(state.rows, id);
  const { leg } = there;
  const here = h("span", {});
  const figures = h("dl", { class: "figures" });
  const due = h("small", {});

  const tick = () => {
    const place = state.positions.last;
    const running = leg ? [["Under way", lasting(underWay(leg, Date.now()) / 1000)], ["Distance", leg.id === state.recorder.leg ? kilometres(state.recorder.metres) : "–"]] : [];
    figures.replaceChildren(...running.map(([word, value]) => h("div", {}, h("dt", {}, word), h("dd", {}, value))));
    here.textContent = state.positions.trouble || (place ? `${written(place, format())} (${accuracyWords(place.accuracy)})` : leg && !leg.pausedAt ? "Looking for your position …" : "");
    const timer = state.timerOf(id);
    due.textContent = timer.dueAt ? (timer.dueAt > Date.now() ? `due ${clock(timer.dueAt).slice(0, 5)}` : "overdue") : "";
  };

  content.append(h("h1", {}, titleOf(state, id)), ...standing(state, operation), ...calls(state, id));
  if (leg) {
    const copy = button("Copy", async () => { await navigator.clipboard?.writeText(written(state.positions.last, format())).catch(() => {}); say("Copied."); }, { kind: "small", "aria-label": "Copy the coordinates" });
    content.append(h("section", { class: "now", "aria-label": "Now" }, h("p", { class: "since" }, `Leg in ${leg.territory} since ${clock(leg.startedAt)}${leg.pausedAt ? " · paused" : ""}`), figures, h("p", { class: "here" }, here), state.positions.last && copy));
  }
  if (!there.endedAt) content.append(...logging(content, state, { id, operation, leg, go, say }));
  content.append(h("div", { class: "pair" }, link("My track", `#/track/${id}`, { shape: "map" }), link("Powers card", `#/powers/${id}`, { shape: "book" })));
  if (!there.endedAt) content.append(controls(state, there, { id, operation, go, say }));
  const rows = journal(state.rows, id);
  content.append(h("section", { "aria-label": "Log of this patrol" }, h("h2", {}, "Log"),
    rows.length ? h("ul", { class: "rows" }, rows.slice(0, 60).map((row) => rowLine(state, row, ...actions(state, row, { go })))) : h("p", { class: "hint" }, "Nothing yet.")));
  if (!there.endedAt) content.append(safety(state, { id, leg, due, say }));
  tick();
  const timer = setInterval(tick, 1000);
  state.addEventListener("moved", tick);
  // Drawn anew when the log, the kit or the way to the server changed, and no field is being filled in.
  const sign = () => JSON.stringify([state.rows.map((row) => [row.id, row.state, row.problem?.at, row.receipt?.at]), state.kit?.etag, state.hasLost(operation), state.stopped, state.calls?.length]);
  const before = sign();
  return { keeps: () => sign() !== before && !content.querySelector(".fold-body :is(input, select, textarea):focus"), end: () => { clearInterval(timer); state.removeEventListener("moved", tick); } };
}

function logging(content, state, { id, operation, leg, go, say }) {
  const known = state.kit?.types(operation, Date.now()) ?? [];
  const types = [...known.filter((type) => type.quick), ...known.filter((type) => !type.quick)].slice(0, QUICK);
  const draft = (type) => state.outbox.draft("observation", { patrol: id, leg: leg?.id ?? null, operation, body: { type, text: "" } });
  const log = async (type) => go(`#/entry/${(await draft(type)).id}`);
  // The photograph first, the words after it.
  const camera = cameraInput(async (files) => {
    const row = await draft(types.find((type) => type.value === "note")?.value ?? types[0]?.value ?? "note");
    await keepPictures(state, row.id, files);
    say("Photograph kept on this device.");
    go(`#/entry/${row.id}`);
  }, "camera-first");
  const open = state.crossingOf(replay(state.rows, id));
  const abroad = others(state, operation);
  const cross = open || !abroad.length
    ? link(open ? "Crossing log" : "Entered partner territory", `#/crossing/${id}`, { kind: open ? "wait" : "plain", shape: "border" })
    : button(abroad.length === 1 ? `Entered partner territory (${abroad[0]})` : "Entered partner territory", async () => { await enterNow(state, id); go(`#/crossing/${id}`); }, { shape: "border", id: "entered-now" });
  return [
    h("section", { class: "quick", "aria-label": "Log" }, (types.length ? types : [{ value: "note", label: "Note" }]).map((type) => button(type.label, () => log(type.value), { kind: "quick", "data-quick": type.value }))),
    h("label", { class: "tap tap-plain", for: "camera-first" }, icon("camera"), h("span", {}, "Photograph first")), camera,
    cross,
  ];
}

// Under the thumb, wherever the page is scrolled to. Help asks twice.
function safety(state, { id, leg, due, say }) {
  const well = button(h("span", {}, "I am well", due), async () => {
    const { minutes } = state.timerOf(id);
    await state.log("check_in", { patrol: id, leg: leg?.id ?? null, body: { ...placed(state.positions.last), ...(minutes ? { next_minutes: minutes } : {}) } });
    say("Checked in.");
  }, { shape: "check", id: "check-in" });
  const call = async () => {
    // Help does not wait for a better fix.
    const place = state.fix ?? (await state.positions.once(4000));
    const { neighbours } = state;
    state.neighbours = false;
    const stopped = await state.callHelp(id, leg?.id ?? null, { ...placed(place), ...(neighbours ? { neighbours: true } : {}) });
    say(stopped ? "No network: help is called as soon as there is one. Use the radio." : "Help is called. Use the radio too.");
  };
  const sure = h("label", { class: "tick" }, h("input", { type: "checkbox", id: "neighbours", checked: state.neighbours, onchange: ({ target }) => { state.neighbours = target.checked; } }), h("span", {}, "Also neighbours’ duty desks, at once"));
  return h("div", { class: "foot-bar" }, h("div", { class: "pair" }, well, twice("Call for help", "Yes, call for help", call, { kind: "bad", shape: "sos" }, sure)));
}

// Ending asks twice: the button opens, the second one ends.
function controls(state, there, { id, operation, go, say }) {
  const { leg } = there;
  const fold = folded(`leg/${id}`, "Pause, new leg, timer, end");
  const inside = fold.lastElementChild;
  const closeLeg = async () => {
    // The rest of the track before the end: to a leg that runs it corrects nothing.
    await put(state.outbox, state.recorder, { patrol: id, leg: leg.id });
    await state.outbox.add("leg.end", { patrol: id, leg: leg.id, body: {} });
  };
  const settle = async () => {
    await state.refresh();
    await state.follow();
    state.send();
  };
  if (leg) {
    inside.append(leg.pausedAt
      ? button("Resume", async () => { await state.outbox.add("leg.resume", { patrol: id, leg: leg.id }); state.broken = true; await settle(); }, { shape: "play" })
      : button("Pause", async () => { await state.outbox.add("leg.pause", { patrol: id, leg: leg.id }); await put(state.outbox, state.recorder, { patrol: id, leg: leg.id }); await settle(); }, { shape: "pause" }));
    const what = h("input", { id: "leg-note", maxlength: 200, autocomplete: "off" });
    const where = choose("leg-where", "Territory", codes(territories(state, operation)), leg.territory);
    const why = choose("leg-why", "What changes?", CHANGES, CHANGES[0].value);
    inside.append(h("section", { class: "stack", "aria-label": "New leg" }, h("h2", {}, "New leg"), why, where, field("Who or what", what, "Functions and vehicles, no names."),
      button("Begin new leg", async () => {
        await closeLeg();
        const words = [why.value, what.value.trim()].filter(Boolean).join(": ");
        const audience = state.kit?.audience(operation, { kind: "leg" });
        const next = (await state.outbox.draft("leg.start", { patrol: id, operation, body: { territory: where.value, note: words, ...(audience?.shown ? { shown: audience.shown } : {}) } })).id;
        await state.outbox.change(next, { leg: next });
        await state.outbox.commit(next);
        await settle();
        say("New leg begun.");
      }, { shape: "plus" })));
  } else inside.append(button("Start my leg", () => begin(state, { id, operation, state: "active" }), { shape: "play" }));
  inside.append(choose("timer", "Check in every", INTERVALS.map((value) => ({ value: String(value), label: value ? `${value} min` : "no timer" })), String(state.timerOf(id).minutes), async (value) => {
    await state.log("check_in", { patrol: id, leg: leg?.id ?? null, body: { ...placed(state.positions.last), next_minutes: Number(value) } });
    say(Number(value) ? `Checked in. The next one is due in ${value} minutes.` : "No check-in is waited for.");
  }));
  inside.append(twice(leg ? "End leg and patrol" : "End patrol", "Yes, end it now", async () => {
    const crossing = replay(state.rows, id).crossing;
    if (crossing?.draft) await state.outbox.commit(crossing.id);
    // Nobody waits for a check-in of a patrol that is over.
    if (state.timerOf(id).dueAt) await state.outbox.add("check_in", { patrol: id, leg: leg?.id ?? null, body: { next_minutes: 0 } });
    if (leg) await closeLeg();
    if (there.startedAt) await state.outbox.add("patrol.end", { patrol: id, body: {} });
    await settle();
    go("#/");
  }, { kind: "bad", shape: "stop" }));
  return fold;
}
