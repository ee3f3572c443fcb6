// The types of an operation, their buttons and their fields, in an entry of the log.
import { button, field, h } from "../dom.js";
import { chosenOf, faultOf, fieldsOf, filledOf, holdsPersonal, numberOf, offered } from "../core/forms.js";
import { withOffset } from "../core/times.js";

const FEW = 7;
const local = (text) => (Number.isFinite(Date.parse(text)) ? withOffset(Date.parse(text)).slice(0, 16) : "");

function chip(name, words, { type = "radio", checked, onchange, id }) {
  return h("label", { class: "type" }, h("input", { type, name, id, checked, onchange }), h("span", {}, words));
}

// A group of things to tap, with its words above and what is wrong below.
function group(each, ...parts) {
  const hint = each.hint && h("span", { class: "hint", id: `f-${each.key}-hint` }, each.hint);
  return h("fieldset", { class: "types", "aria-describedby": hint ? hint.id : null }, h("legend", {}, title(each)), hint, ...parts);
}

const title = (each) => `${each.title}${each.unit ? ` (${each.unit})` : ""}${each.needed ? "" : ", optional"}`;

const MAKERS = {
  text: (each, value, set) => field(title(each), each.longest > 200
    ? h("textarea", { id: `f-${each.key}`, rows: 3, maxlength: each.longest, value: value ?? "", oninput: (event) => set(event.target.value) })
    : h("input", { id: `f-${each.key}`, maxlength: each.longest, autocomplete: "off", value: value ?? "", oninput: (event) => set(event.target.value) }), each.hint),
  number: (each, value, set) => field(title(each), h("input", { id: `f-${each.key}`, inputmode: "decimal", autocomplete: "off", value: value ?? "", oninput: (event) => set(numberOf(event.target.value)) }), each.hint),
  whole: (each, value, set) => {
    const input = h("input", { id: `f-${each.key}`, inputmode: "numeric", autocomplete: "off", value: value ?? "", oninput: () => set(numberOf(input.value)) });
    const step = (by) => {
      const from = numberOf(input.value);
      const next = Number.isFinite(from) && from !== "" ? from + by : each.minimum ?? 0;
      input.value = Math.min(each.maximum ?? next, Math.max(each.minimum ?? next, next));
      set(numberOf(input.value));
    };
    const whole = field(title(each), input, each.hint);
    const less = button("−", () => step(-1), { kind: "step", "aria-label": `One less: ${each.title}` });
    const more = button("+", () => step(1), { kind: "step", "aria-label": `One more: ${each.title}` });
    const beside = h("div", { class: "stepper" });
    input.replaceWith(beside);
    beside.append(less, input, more);
    return whole;
  },
  yes_no: (each, value, set) => group(each, [[true, "Yes"], [false, "No"]].map(([one, words]) => chip(`f-${each.key}`, words, { id: one ? `f-${each.key}` : null, checked: value === one, onchange: () => set(one) }))),
  choice: (each, value, set) => (each.choices.length <= FEW
    ? group(each, each.choices.map(({ key, title: words }, n) => chip(`f-${each.key}`, words, { id: n ? null : `f-${each.key}`, checked: value === key, onchange: () => set(key) })))
    : field(title(each), h("select", { id: `f-${each.key}`, onchange: (event) => set(event.target.value) }, h("option", { value: "" }, "Choose …"), each.choices.map(({ key, title: words }) => h("option", { value: key, selected: value === key }, words))), each.hint)),
  choices: (each, value, set) => {
    const chosen = new Set(Array.isArray(value) ? value : []);
    return group(each, each.choices.map(({ key, title: words }, n) => chip(`f-${each.key}`, words, { type: "checkbox", id: n ? null : `f-${each.key}`, checked: chosen.has(key), onchange: (event) => {
      if (event.target.checked) chosen.add(key);
      else chosen.delete(key);
      set([...chosen]);
    } })));
  },
  date: (each, value, set) => field(title(each), h("input", { type: "date", id: `f-${each.key}`, value: value ?? "", onchange: (event) => set(event.target.value) }), each.hint),
  instant: (each, value, set) => field(title(each), h("input", { type: "datetime-local", id: `f-${each.key}`, value: local(value), onchange: (event) => set(event.target.value ? withOffset(Date.parse(event.target.value)) : "") }), each.hint),
};

// {node, schema, filled, faulty, personal, wire}: what is chosen, and what was filled in. `keep` puts a part of the draft away.
// `fixed`: the type stays, and with it the version of its fields.
export function typeParts(state, { operation, body, keep, changed, fixed = false }) {
  const { own, words } = offered(state.kit?.list("observation_types", Date.now()) ?? [], operation);
  let chosen = chosenOf(own, body);
  if (fixed && (body.form !== chosen?.value || body.catalogue !== chosen?.catalogue)) chosen = null;
  const inside = h("div", { class: "stack" });
  const schema = () => chosen?.schema ?? null;
  const values = () => body.values ?? {};

  // A draft of an earlier version goes on with the one that was taken along since.
  const adopt = (type) => {
    chosen = type;
    const of = type.schema && body.form === type.value ? filledOf(type.schema, values()) : {};
    return keep({ type: type.base, form: type.value, catalogue: type.catalogue, values: of });
  };
  const draw = () => {
    if (chosen?.language) inside.lang = chosen.language;
    inside.replaceChildren(...fieldsOf(schema()).map((each) => {
      const wrong = h("p", { class: "wrong", role: "alert", id: `f-${each.key}-wrong` });
      const tell = (why) => {
        wrong.textContent = why;
        for (const control of node.querySelectorAll("input, select, textarea")) {
          if (why) control.setAttribute("aria-invalid", "true");
          else control.removeAttribute("aria-invalid");
        }
      };
      const node = h("div", { class: "of-type", "data-field": each.key }, MAKERS[each.kind](each, values()[each.key], (value) => {
        keep({ values: { ...values(), [each.key]: value } });
        if (wrong.textContent) tell(faultOf(each, value));
        changed();
      }), each.personal && h("p", { class: "hint" }, "Personal data: with it, the entry waits for a release."), wrong);
      node.tell = tell;
      return node;
    }));
  };
  const pick = (type) => {
    if (type.schema) adopt(type);
    else {
      chosen = null;
      keep({ type: type.value, form: undefined, catalogue: undefined, values: undefined });
    }
    draw();
    changed();
  };
  const radio = (type, checked) => h("label", { class: type.quick ? "type type-quick" : "type", lang: type.language ?? null }, h("input", { type: "radio", name: "type", value: type.value, checked, onchange: () => pick(type) }), h("span", {}, type.label));
  const known = words.length || own.length ? words : [{ value: body.type, label: "Note" }];
  const others = () => known.map((type) => radio(type, !body.form && type.value === body.type));
  if (chosen && (body.form !== chosen.value || body.catalogue !== chosen.catalogue)) adopt(chosen);
  const node = h("div", { class: "stack" }, !fixed && h("fieldset", { class: "types" }, h("legend", {}, "What is it?"), own.map((type) => radio(type, type === chosen)), own.length ? null : others()));
  // The words of every operation are there too, a tap away.
  if (own.length && !fixed) node.append(h("details", { class: "fold", open: !chosen }, h("summary", {}, "Other"), h("fieldset", { class: "types fold-body" }, h("legend", { class: "visually-hidden" }, "Other"), others())));
  node.append(inside);
  draw();
  return {
    node,
    filled: () => (chosen ? Object.keys(filledOf(schema(), values())).length > 0 : Object.keys(values()).length > 0),
    personal: () => holdsPersonal(schema(), values()),
    // The first field at fault, with what is wrong said at each; null when there is none.
    faulty: () => {
      const at = fieldsOf(schema()).map((each, n) => [faultOf(each, values()[each.key]), inside.children[n]]);
      for (const [why, part] of at) part.tell(why);
      return at.find(([why]) => why)?.[1].querySelector("input, select, textarea") ?? null;
    },
    // As it goes along: what is of persons goes into the marking.
    wire: (fields) => {
      if (!chosen) return fields;
      const marked = holdsPersonal(schema(), values()) ? { categories: [...new Set([...(fields.categories ?? ["operational"]), "personal_data"])] } : {};
      return { ...fields, ...marked, values: filledOf(schema(), values()) };
    },
  };
}
