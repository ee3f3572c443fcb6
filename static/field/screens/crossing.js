// The crossing log: one tap when partner territory is entered and the clock runs, the details after it, the treaty's limits
// counting down, one tap when it is left. Until they are put forward the details are a draft.
import { button, choose, field, h, icon, note } from "../dom.js";
import { limitWords } from "../core/alarms.js";
import { BASES, differs, left, limits } from "../core/crossings.js";
import { audienceWords } from "../core/kit.js";
import { replay } from "../core/patrols.js";
import { clock, lasting } from "../core/times.js";
import { kilometres } from "../core/tracks.js";
import { accuracyWords, FRESH, placed } from "../positions.js";
import { folded, rowLine, standing, twice } from "./parts.js";
import { codes, territories } from "./start.js";
import { whenParts } from "./when.js";

const NUMBERS = { seconds: lasting, distance_m: kilometres, depth_m: kilometres };
const numbers = (limit) => Object.entries(NUMBERS).filter(([name]) => Number.isFinite(limit[name])).map(([name, words]) => words(limit[name])).join(", ") || (limit.permitted === false ? "not permitted" : "no number");

export const others = (state, operation) => territories(state, operation).filter((code) => code !== state.own.country);

function fresh(state) {
  const { last } = state.positions;
  return last && Date.now() - last.at < FRESH ? { ...placed(last), position_method: "gps" } : {};
}

// The tap: time and place are kept, and the limit counts. What was entered last, and how, is the first guess.
export async function enterNow(state, id) {
  const operation = state.operationOf(id);
  const before = replay(state.rows, id).crossings.at(-1);
  const choices = others(state, operation);
  const territory = choices.includes(before?.territory) ? before.territory : choices[0];
  const audience = state.kit?.audience(operation, { kind: "crossing" });
  const body = { territory, basis: before?.basis ?? "joint_patrol", ...fresh(state), ...(audience?.shown ? { shown: audience.shown } : {}) };
  const row = await state.outbox.draft("crossing.enter", { patrol: id, operation, body });
  await state.outbox.change(row.id, { limit: state.limitOf(operation, body) });
  await state.refresh();
  return row;
}

export async function crossing(content, state, { say, go }, id) {
  const operation = state.operationOf(id);
  const there = replay(state.rows, id);
  const open = state.crossingOf(there);
  content.append(h("h1", {}, "Crossing log"), ...standing(state, operation));
  const parts = open ? await stay(content, state, { say, go, id, open, operation }) : enter(content, state, { say, id, operation });
  const rows = state.rows.filter((row) => row.patrol === id && row.kind.startsWith("crossing.") && row.id !== (open?.draft && open.id)).reverse();
  if (rows.length) content.append(h("section", {}, h("h2", {}, "On this patrol"), h("ul", { class: "rows" }, rows.map((row) => rowLine(state, row)))));
  content.append(h("p", {}, h("a", { class: "tap tap-plain", href: `#/patrol/${id}` }, "Back to the patrol")));
  const sign = () => JSON.stringify([state.crossingOf(replay(state.rows, id))?.id, state.crossingOf(replay(state.rows, id))?.draft, state.hasLost(operation), state.stopped, state.rows.map((row) => row.patrol === id && row.kind.startsWith("crossing.") && [row.state, row.problem?.at])]);
  const before = sign();
  return { ...parts, keeps: () => sign() !== before };
}

function enter(content, state, { say, id, operation }) {
  if (!others(state, operation).length) {
    content.append(note("info", "No partner’s territory is known on this device. Write an entry, and open the app once with a network."));
    return {};
  }
  content.append(button("Entered partner territory", async () => { await enterNow(state, id); say("Entered partner territory. The limit counts down."); }, { kind: "big tap-go", shape: "border", id: "enter" }),
    h("p", { class: "hint" }, "Time and place are noted by the tap. Basis and whom you notified come after it."));
  return {};
}

async function stay(content, state, { say, go, id, open, operation }) {
  const count = h("p", { class: "countdown", id: "countdown" });
  const since = h("p", { class: "since" });
  const rule = h("div", { class: "stack" });
  const box = h("section", { class: "now", "aria-label": "Limit" }, since, count, rule);
  const row = open.draft ? await state.outbox.row(open.id) : null;
  const now = { ...open, ...row?.body };
  const tick = () => {
    const limit = state.limitOf(operation, now);
    const rest = left(limit, now, Date.now(), state.positions.last);
    since.textContent = `On the territory of ${now.territory} since ${clock(now.at)}, ${BASES[now.basis]?.label ?? now.basis}`;
    count.textContent = limitWords(rest);
    box.className = `now now-${rest.state}`;
    const changed = !open.draft && differs(open.then, limit);
    const loud = [changed && `New limit: ${numbers(limit)}. At the entry it was ${numbers(open.then)}.`, limit.permitted === false && !limit.fallen && "No article permits this. What happened is logged all the same."];
    const sign = JSON.stringify([loud, limit.terms, limit.articles]);
    if (rule.dataset.sign === sign) return;
    rule.dataset.sign = sign;
    rule.replaceChildren(...loud.filter(Boolean).map((line) => h("p", { class: "wrong" }, line)), ...(limit.terms.length ? [folded(`terms/${id}`, "Conditions", h("ul", {}, limit.terms.map((term) => h("li", {}, term))))] : []),
      ...(limit.articles.length ? [h("p", { class: "hint" }, limit.articles.join("; "))] : []));
  };
  tick();
  const leave = button("Left at this moment", async () => {
    if (open.draft) await state.outbox.commit(open.id);
    const { accuracy_m: _, position_method: __, ...at } = fresh(state);
    await state.log("crossing.leave", { patrol: id, body: { crossing: open.id, ...at } });
    say("Left partner territory.");
  }, { kind: "big tap-go", shape: "border", id: "leave" });
  content.append(box, leave);
  if (row) details(content, state, { say, go, id, row, now, operation, tick });
  else if (open.team) content.append(h("p", { class: "hint" }, "Logged on another device of your team."));
  const timer = setInterval(tick, 1000);
  state.addEventListener("moved", tick);
  return { end: () => { clearInterval(timer); state.removeEventListener("moved", tick); } };
}

function details(content, state, { say, go, id, row, now, operation, tick }) {
  let saving = Promise.resolve();
  let { body } = row;
  const keep = (patch, more = {}) => {
    body = { ...body, ...patch };
    Object.assign(now, patch);
    tick();
    saving = saving.then(() => state.outbox.change(row.id, { body, limit: limits(state.kit?.cards(operation, Date.now()) ?? [], { actor: state.own.country, host: body.territory, basis: body.basis }, state.kit?.operation(operation, Date.now())), ...more }));
    return saving;
  };
  const text = (name, label, hint = "") => {
    const input = h("input", { id: `crossing-${name}`, maxlength: 200, autocomplete: "off", value: body[name] ?? "", oninput: () => keep({ [name]: input.value }) });
    return field(label, input, hint);
  };
  const wrong = h("p", { class: "wrong", role: "alert" });
  const when = whenParts(state, { id: "crossed", at: Date.parse(row.happenedAt), tapped: row.startedAt, reason: body.time_reason ?? "", keep: ({ happenedAt, reason }) => {
    if (happenedAt) now.at = Date.parse(happenedAt);
    return keep(reason === undefined ? {} : { time_reason: reason || undefined }, happenedAt ? { happenedAt } : {});
  } });
  const save = async (event) => {
    event.preventDefault();
    const fault = when.valid();
    wrong.textContent = fault ? "Say why it is another time." : "";
    if (fault) return fault.focus();
    const { notified, place, ...rest } = body;
    await keep(Object.fromEntries(Object.entries({ ...rest, notified: notified?.trim() || undefined, place: place?.trim() || undefined })));
    await saving;
    await state.outbox.commit(row.id);
    say("Waiting to send.");
    await state.refresh();
    return state.send();
  };
  const audience = state.kit?.audience(operation, { kind: "crossing" }) ?? { agencies: [] };
  content.append(h("form", { class: "stack", onsubmit: save },
    choose("entered", "Territory", codes(others(state, operation)), body.territory, (territory) => keep({ territory })),
    choose("basis", "Basis", Object.entries(BASES).map(([value, { label }]) => ({ value, label })), body.basis, (basis) => keep({ basis })),
    text("notified", "Whom notified", "By function or desk. Name no person."), text("place", "Place"),
    h("p", { class: "hint" }, Number.isFinite(body.latitude) ? `Position noted, ${accuracyWords(body.accuracy_m)}.` : "No position was there at the tap."),
    h("details", { class: "fold" }, h("summary", {}, "Time"), h("div", { class: "fold-body" }, when.node)), wrong,
    h("div", { class: "foot-bar" }, h("p", { class: "audience", "data-audience": true }, icon("eye"), h("span", {}, audienceWords(audience, state.own.agency_name ?? "your agency"))),
      h("button", { class: "tap tap-main", type: "submit", id: "crossing-save" }, icon("send"), h("span", {}, "Save")), h("span", { class: "hint" }, "Draft on this device. It goes by itself in ten minutes, or when you leave."))),
  twice("We did not cross", "Yes, discard it", async () => { await saving; await state.outbox.discard(row.id); await state.refresh(); go(`#/patrol/${id}`); }, { kind: "bad" }));
}
