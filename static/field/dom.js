// Elements without a template language: text is always text.
const SHAPES = {
  pencil: "M11.5 1.8 14.2 4.5 5 13.7 1.8 14.2 2.3 11z", hourglass: "M4 1.5h8v3L9.2 8l2.8 3.5v3H4v-3L6.8 8 4 4.5z",
  check: "M1.8 8.6 6 12.8 14.2 3.6", alert: "M8 1.6 15 14H1zM8 6v4m0 1.4v1", play: "M4 2l9 6-9 6z", pause: "M5 2v12m6-12v12", stop: "M3 3h10v10H3z",
  plus: "M8 2v12M2 8h12", send: "M1.5 8 14.5 1.8 11 14.2 7.4 9z", camera: "M1.5 5h3l1.2-2h4.6l1.2 2h3v8.5h-13zM8 11.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8",
  pin: "M8 15s5-5.2 5-9A5 5 0 0 0 3 6c0 3.800 5 9 5 9zM8 7.600a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400", border: "M2 14V2m12 12V2M5 8h6m-2.500-2.500L11 8l-2.500 2.500",
  key: "M10.500 6.500a3 3 0 1 0-2.800 4l.3-1.500 6 .1V6.800", eye: "M1 8s2.600-4.500 7-4.500S15 8 15 8s-2.600 4.500-7 4.500S1 8 1 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4", gear: "M8 10.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M8 1v2m0 10v2M1 8h2m10 0h2M3 3l1.500 1.500m7 7L13 13M3 13l1.500-1.500m7-7L13 3",
  book: "M2 2.500c2-.8 4-.8 6 .7 2-1.500 4-1.500 6-.7v11c-2-.8-4-.8-6 .7-2-1.500-4-1.500-6-.7zM8 3.200v11", file: "M3 1.500h6.500L13 5v9.500H3zM9.500 1.500V5H13", map: "M1.500 3.500 6 1.800l4 1.700 4.500-1.700v10.700L10 14.200l-4-1.700-4.500 1.700zM6 1.800v10.700m4-9v10.700", clock: "M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M8 4v4.200l2.800 1.600", sos: "M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M8 4.500v4.200m0 1.800v1",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", class: "shape", "aria-hidden": "true" })) svg.setAttribute(key, value);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name] ?? SHAPES.pencil);
  svg.append(path);
  return svg;
}

// h("button", {class: "…", onclick: …}, "Start"): attributes, listeners, children; null and false are left out.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(words, onclick, { kind = "plain", shape = null, ...more } = {}) {
  return h("button", { type: "button", class: `tap tap-${kind}`, ...more, onclick }, shape && icon(shape), h("span", {}, words));
}

export function link(words, href, { kind = "plain", shape = null, ...more } = {}) {
  return h("a", { class: `tap tap-${kind}`, href, ...more }, shape && icon(shape), h("span", {}, words));
}

export function note(tone, ...children) {
  return h("div", { class: `note note-${tone}` }, icon(tone === "ok" ? "check" : "alert"), h("div", {}, ...children));
}

export function chip({ words, tone, icon: shape }) {
  return h("span", { class: `state state-${tone}` }, icon(shape), h("span", {}, words));
}

// Label above, hint below it, then the control: an element, or a part whose `input` is meant.
let number = 0;
export function field(label, control, hint = "") {
  const input = control.input ?? control;
  number += 1;
  input.id ||= `field-${number}`;
  const words = hint && h("span", { class: "hint", id: `${input.id}-hint` }, hint);
  if (words) input.setAttribute("aria-describedby", words.id);
  return h("div", { class: "field" }, h("label", { for: input.id }, label), words, control);
}

// A small number with a key for less and one for more; it may be typed too.
export function stepper(id, value, { min = 0, max = 99, what = "", onchange = () => {} } = {}) {
  const set = (next) => {
    input.value = String(Math.min(max, Math.max(min, Number.isFinite(next) ? next : min)));
    onchange(Number(input.value));
  };
  const input = h("input", { id, type: "text", inputmode: "numeric", autocomplete: "off", value: String(value), onchange: () => set(Number.parseInt(input.value, 10)) });
  const key = (sign, step, words) => button(sign, () => set(Number.parseInt(input.value, 10) + step), { "aria-label": `${words} ${what}`.trim() });
  const box = h("div", { class: "stepper" }, key("−", -1, "Fewer"), input, key("+", 1, "More"));
  return Object.assign(box, { input });
}

// One of several: chips up to seven, a search above them beyond that. `value` tells the choice.
export const MOST_CHIPS = 7;
export function choose(name, legend, options, chosen, onchange = () => {}) {
  const box = h("fieldset", { class: "chosen" }, h("legend", {}, legend));
  const list = h("div", { class: "types" });
  const draw = (word = "") => {
    const wanted = word.trim().toLowerCase();
    const found = options.filter(({ value, label }) => value === box.value || label.toLowerCase().includes(wanted));
    const shown = [...found].sort((a, b) => (b.value === box.value) - (a.value === box.value)).slice(0, MOST_CHIPS);
    list.replaceChildren(...(options.length > MOST_CHIPS ? shown : options).map(({ value, label }) => h("label", { class: "type" },
      h("input", { type: "radio", name, value, checked: value === box.value, onchange: () => { box.value = value; onchange(value); } }), h("span", {}, label))));
  };
  box.value = chosen ?? options[0]?.value ?? null;
  draw();
  if (options.length > MOST_CHIPS) {
    const search = h("input", { type: "search", id: `${name}-search`, autocomplete: "off", oninput: () => draw(search.value) });
    box.append(field(`Search among ${options.length}`, search));
  }
  box.append(list);
  return box;
}
