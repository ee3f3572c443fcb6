// The crossing log: one tap when partner territory is entered, the treaty's limits counting down, one tap when it is left.
import { button, field, h, note } from "../dom.js";
import { BASES, left, limits } from "../core/crossings.js";
import { replay } from "../core/patrols.js";
import { clock } from "../core/times.js";
import { placed } from "../positions.js";
import { limitWords } from "./patrol.js";
import { operationOf, rowLine, standing } from "./parts.js";
import { territories } from "./start.js";

export function crossing(content, state, { say }, id) {
  const operation = operationOf(state, id);
  const { crossing: open } = replay(state.rows, id);
  const cards = state.kit?.cards(operation, Date.now()) ?? [];
  content.append(h("h1", {}, "Crossing log"), ...standing(state, operation));
  const end = open ? stay(content, state, { say, id, open, cards }) : enter(content, state, { say, id, operation, cards });
  const rows = state.rows.filter((row) => row.patrol === id && row.kind.startsWith("crossing.")).reverse();
  if (rows.length) content.append(h("section", {}, h("h2", {}, "On this patrol"), h("ul", { class: "rows" }, rows.map((row) => rowLine(state, row)))));
  content.append(h("p", {}, h("a", { class: "tap tap-plain", href: `#/patrol/${id}` }, "Back to the patrol")));
  return end;
}

function enter(content, state, { say, id, operation, cards }) {
  const others = territories(state, operation).filter((code) => code !== state.own.country);
  const where = h("select", { id: "entered" }, others.map((code) => h("option", { value: code }, code)));
  const basis = h("select", { id: "basis" }, Object.entries(BASES).map(([value, { label }]) => h("option", { value }, label)));
  const notified = h("input", { id: "notified", maxlength: 200, autocomplete: "off" });
  const place = h("input", { id: "crossing-place", maxlength: 200, autocomplete: "off" });
  const preview = h("div", {});
  const tell = () => {
    const limit = limits(cards, { actor: state.own.country, host: where.value, basis: basis.value });
    const rest = left(limit, { at: Date.now() }, Date.now());
    preview.replaceChildren(note(limit.permitted === false ? "bad" : "info", h("p", {}, limit.permitted === false ? "No article permits this. What happened is logged all the same." : limitWords(rest)), limit.terms.map((term) => h("p", { class: "hint" }, term)), limit.articles.length > 0 && h("p", { class: "hint" }, limit.articles.join("; "))));
  };
  where.addEventListener("change", tell);
  basis.addEventListener("change", tell);
  if (!others.length) {
    content.append(note("info", "No partner’s territory is known on this device. Write an entry, and open the app once with a network."));
    return {};
  }
  tell();
  const audience = state.kit?.audience(operation, { kind: "crossing" });
  content.append(
    // First the tap: the clock runs. What was left empty can be told by radio.
    button("Entered partner territory", async () => {
      const fix = state.positions.last && Date.now() - state.positions.last.at < 30000 ? state.positions.last : null;
      const { accuracy_m: _, ...at } = placed(fix);
      await state.log("crossing.enter", { patrol: id, operation, body: {
        territory: where.value, basis: basis.value, ...at, ...(notified.value.trim() ? { notified: notified.value.trim() } : {}),
        ...(place.value.trim() ? { place: place.value.trim() } : {}), ...(audience?.shown ? { shown: audience.shown } : {}),
      } });
      say("Entered partner territory. The limit counts down.");
    }, { kind: "big tap-go", shape: "border", id: "enter" }),
    field("Territory", where), field("Basis", basis), preview, field("Whom notified", notified), field("Place", place),
  );
  return { keeps: () => Boolean(replay(state.rows, id).crossing) };
}

function stay(content, state, { say, id, open, cards }) {
  const limit = limits(cards, { actor: state.own.country, host: open.territory, basis: open.basis });
  const count = h("p", { class: "countdown", id: "countdown" });
  const box = h("section", { class: "now", "aria-label": "Limit" }, h("p", { class: "since" }, `On the territory of ${open.territory} since ${clock(open.at)}, ${BASES[open.basis]?.label ?? open.basis}`), count);
  const tick = () => {
    const rest = left(limit, open, Date.now(), state.positions.last);
    count.textContent = limitWords(rest);
    box.className = `now now-${rest.state}`;
  };
  tick();
  content.append(box, limit.terms.map((term) => h("p", { class: "hint" }, term)).reduce((list, each) => { list.append(each); return list; }, h("div", {})),
    button("Left at this moment", async () => {
      const { accuracy_m: _, ...at } = placed(state.positions.last);
      await state.log("crossing.leave", { patrol: id, body: { crossing: open.id, ...at } });
      say("Left partner territory.");
    }, { kind: "big tap-go", shape: "border", id: "leave" }));
  const timer = setInterval(tick, 1000);
  state.addEventListener("moved", tick);
  return { end: () => { clearInterval(timer); state.removeEventListener("moved", tick); } };
}
