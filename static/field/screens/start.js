// Start a patrol: a planned one with one tap, another with operation, teams and place. What is chosen is kept as it is typed.
import { choose, field, h, icon, note, stepper } from "../dom.js";
import { uuid7 } from "../core/ids.js";
import { audienceWords } from "../core/kit.js";
import { withOffset } from "../core/times.js";
import { placed } from "../positions.js";

const today = (operation) => Date.parse(operation.starts_at) <= Date.now() && Date.parse(operation.ends_at) >= Date.now();
const HOURS = 8;

// The territories that a leg may lie in: of the own state, of the host, and of those on the powers card.
export function territories(state, operation) {
  const pairs = (state.kit?.cards(operation, Date.now()) ?? []).flatMap((card) => card.pairs ?? []);
  const host = state.kit?.operation(operation, Date.now())?.host_state;
  return [...new Set([state.own.country, host, ...pairs.flatMap((pair) => [pair.actor, pair.host])].filter(Boolean))];
}

export const codes = (list) => list.map((code) => ({ value: code, label: code }));

// Starts the patrol, if it is the own agency's to start, and the own team's leg; or joins the one that a colleague's device
// began. Position is asked for from here on.
export async function begin(state, patrol, { territory = null, body = null, position = null } = {}) {
  const audience = state.kit?.audience(patrol.operation, { kind: "leg" });
  const where = territory ?? state.kit?.leg(patrol.id, Date.now())?.territory ?? state.own.country;
  if (body) await state.outbox.add("patrol.start", { id: patrol.id, patrol: patrol.id, body: { ...body, ...placed(position) } });
  else if (patrol.state === "planned" && patrol.owner === state.own.agency) await state.outbox.add("patrol.start", { patrol: patrol.id });
  const leg = uuid7();
  await state.outbox.add("leg.start", { id: leg, patrol: patrol.id, leg, operation: patrol.operation, body: { territory: where, ...(audience?.shown ? { shown: audience.shown } : {}) } });
  await state.refresh();
  await state.follow();
  state.send();
  return patrol.id;
}

export async function start(content, state, { go }) {
  const operations = [...(state.kit?.list("operations", Date.now()) ?? [])].sort((a, b) => today(b) - today(a));
  content.append(h("h1", {}, "Start patrol"));
  if (!operations.length) {
    content.append(note("info", "No operation was taken along. Patrols start in an operation to which you are assigned: open the app once with a network."));
    return {};
  }
  if (state.own.may_plan === false) {
    content.append(note("info", "Your role starts patrols that were planned: they stand on the start page. Ask your patrol leader, or plan it in the portal."), h("a", { class: "tap tap-plain", href: "#/" }, "Back"));
    return {};
  }
  const form = await state.formOf("start");
  const keep = (patch) => state.keepForm("start", Object.assign(form, patch));
  const last = operations.find((each) => each.id === form.operation && today(each));
  const operation = () => operations.find((each) => each.id === operationBox.value);
  const teams = h("fieldset", {});
  const where = h("div", {});
  const line = h("p", { class: "audience", "data-audience": true });
  let territory = null;
  const fill = () => {
    const row = operation();
    const partners = new Map(Object.values(row.shown ?? {}).flat().map((agency) => [agency.id, agency.name]));
    const ticked = new Set(form.partners?.[row.id] ?? []);
    const boxes = [...partners].map(([id, name]) => h("label", { class: "tick" }, h("input", { type: "checkbox", value: id, checked: ticked.has(id), onchange: () => keep({ partners: { ...form.partners, [row.id]: present() } }) }), h("span", {}, name)));
    teams.replaceChildren(h("legend", {}, "Partner units present"), ...boxes, ...(partners.size ? [] : [h("p", { class: "hint" }, "None is known on this device. Teams can be added at a desk.")]));
    territory = choose("territory", "We start in", codes(territories(state, row.id)), form.territory?.[row.id] ?? state.own.country, (value) => keep({ territory: { ...form.territory, [row.id]: value } }));
    where.replaceChildren(territory);
    const audience = state.kit.audience(row.id, { kind: "patrol" });
    line.replaceChildren(icon("eye"), h("span", {}, audienceWords(audience, state.own.agency_name ?? "your agency")));
  };
  const present = () => [...teams.querySelectorAll(":checked")].map((box) => box.value);
  const operationBox = choose("operation", "Operation", operations.map((each) => ({ value: each.id, label: each.name })), (last ?? operations[0]).id, (value) => { keep({ operation: value }); fill(); });
  const place = h("input", { id: "meeting", maxlength: 200, autocomplete: "off", value: form.place ?? "", oninput: () => keep({ place: place.value }) });
  const strength = stepper("strength", form.strength ?? 2, { min: 1, max: 200, what: "officers", onchange: (value) => keep({ strength: value }) });
  const hours = stepper("hours", form.hours ?? HOURS, { min: 1, max: 48, what: "hours", onchange: (value) => keep({ hours: value }) });
  const vehicles = h("input", { id: "vehicles", maxlength: 200, autocomplete: "off", value: form.vehicles ?? "", oninput: () => keep({ vehicles: vehicles.value }) });
  fill();
  let sent = false;
  const submit = async (event) => {
    event.preventDefault();
    if (sent) return; // a second tap of the same thumb
    sent = true;
    const row = operation();
    const now = Date.now();
    const id = uuid7(now);
    const audience = state.kit.audience(row.id, { kind: "patrol" });
    const title = `Patrol, ${place.value.trim() || row.name}`.slice(0, 200);
    const body = {
      operation: row.id, title, ends_at: withOffset(now + Number(hours.input.value) * 3600000), meeting_point: place.value.trim(),
      teams: [{ agency: state.own.agency, strength: Number(strength.input.value), ...(vehicles.value.trim() ? { vehicles: vehicles.value.trim() } : {}) }, ...present().map((agency) => ({ agency }))],
      ...(audience.shown ? { shown: audience.shown } : {}),
    };
    await keep({ operation: row.id, place: "" });
    await begin(state, { id, operation: row.id }, { territory: territory.value, body, position: state.positions.last });
    go(`#/patrol/${id}`);
  };
  content.append(h("form", { onsubmit: submit, class: "stack" }, operationBox, teams, where, field("Place", place, "May stay empty."),
    h("details", { class: "fold" }, h("summary", {}, "Strength, vehicle, hours"), h("div", { class: "fold-body" }, field("Officers in our team", strength), field("Vehicle", vehicles), field("Ends in hours", hours))),
    h("div", { class: "foot-bar" }, line, h("button", { class: "tap tap-main", type: "submit" }, icon("play"), h("span", {}, "Start")))));
  return { keeps: () => false };
}
