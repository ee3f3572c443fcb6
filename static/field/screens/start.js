// Start a patrol: a planned one with one tap, another with operation, teams and place.
import { field, h, icon, note } from "../dom.js";
import { uuid7 } from "../core/ids.js";
import { withOffset } from "../core/times.js";
import { placed } from "../positions.js";

const today = (operation) => Date.parse(operation.starts_at) <= Date.now() && Date.parse(operation.ends_at) >= Date.now();

// The territories that a leg may lie in: of the own state, of the host, and of those on the powers card.
export function territories(state, operation) {
  const pairs = (state.kit?.cards(operation, Date.now()) ?? []).flatMap((card) => card.pairs ?? []);
  const host = state.kit?.operation(operation, Date.now())?.host_state;
  return [...new Set([state.own.country, host, ...pairs.flatMap((pair) => [pair.actor, pair.host])].filter(Boolean))];
}

// Starts the patrol, if it is the own agency's to start, and the own team's leg. Position is asked for from here on.
export async function begin(state, patrol, { territory = state.own.country, body = null, position = null } = {}) {
  const audience = state.kit?.audience(patrol.operation, { kind: "leg" });
  if (body) await state.outbox.add("patrol.start", { id: patrol.id, patrol: patrol.id, body: { ...body, ...placed(position) } });
  else if (patrol.state === "planned" && patrol.owner === state.own.agency) await state.outbox.add("patrol.start", { patrol: patrol.id });
  const leg = uuid7();
  await state.outbox.add("leg.start", { id: leg, patrol: patrol.id, leg, operation: patrol.operation, body: { territory, ...(audience?.shown ? { shown: audience.shown } : {}) } });
  await state.refresh();
  await state.follow();
  state.send();
  return patrol.id;
}

export function start(content, state, { go }) {
  const operations = [...(state.kit?.list("operations", Date.now()) ?? [])].sort((a, b) => today(b) - today(a));
  content.append(h("h1", {}, "Start patrol"));
  if (!operations.length) {
    content.append(note("info", "No operation was taken along. Patrols start in an operation to which you are assigned: open the app once with a network."));
    return;
  }
  const select = h("select", { id: "operation" }, operations.map((each) => h("option", { value: each.id }, each.name)));
  const teams = h("fieldset", {});
  const fill = () => {
    const operation = operations.find((each) => each.id === select.value);
    const partners = new Map(Object.values(operation.shown ?? {}).flat().map((agency) => [agency.id, agency.name]));
    teams.replaceChildren(h("legend", {}, "Partner units present"), ...[...partners].map(([id, name]) => h("label", { class: "tick" }, h("input", { type: "checkbox", value: id }), h("span", {}, name))),
      ...(partners.size ? [] : [h("p", { class: "hint" }, "None is known on this device. Teams can be added at a desk.")]));
    where.replaceChildren(...territories(state, operation.id).map((code) => h("option", { value: code }, code)));
  };
  const where = h("select", { id: "territory" });
  const place = h("input", { id: "meeting", maxlength: 200, autocomplete: "off" });
  select.addEventListener("change", fill);
  fill();
  const submit = async (event) => {
    event.preventDefault();
    const operation = operations.find((each) => each.id === select.value);
    const now = Date.now();
    const id = uuid7(now);
    const audience = state.kit.audience(operation.id, { kind: "patrol" });
    const title = `Patrol, ${place.value.trim() || operation.name}`.slice(0, 200);
    const body = {
      operation: operation.id, title, ends_at: withOffset(now + 8 * 3600000), meeting_point: place.value.trim(),
      teams: [state.own.agency, ...[...teams.querySelectorAll(":checked")].map((box) => box.value)].map((agency) => ({ agency })),
      ...(audience.shown ? { shown: audience.shown } : {}),
    };
    await begin(state, { id, operation: operation.id }, { territory: where.value, body, position: state.positions.last });
    go(`#/patrol/${id}`);
  };
  content.append(h("form", { onsubmit: submit, class: "stack" }, field("Operation", select, "Today’s first."), teams, field("We start in", where), field("Place", place, "May stay empty."),
    h("div", { class: "foot-bar" }, h("button", { class: "tap tap-main", type: "submit" }, icon("play"), h("span", {}, "Start")))));
  return { keeps: () => false };
}
