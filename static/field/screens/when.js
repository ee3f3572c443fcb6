// When it happened: by the device's clock, with UTC beside it; another time than the tap's asks for a reason.
import { field, h } from "../dom.js";
import { driftWords, withOffset, zulu } from "../core/times.js";

const SLACK = 60000; // milliseconds: a minute is no other time
const REASONS = ["Written down later", "Told by radio", "The clock was wrong"];
const local = (at) => withOffset(at).slice(0, 19);

// `tapped`: milliseconds of the tap. `keep({happenedAt, reason})`. → {node, valid()}: the field at fault, or null
export function whenParts(state, { at, tapped, reason = "", keep, id = "when" }) {
  const told = h("p", { class: "hint" });
  const why = h("input", { id: `${id}-reason`, maxlength: 300, autocomplete: "off", list: `${id}-reasons`, value: reason, oninput: () => keep({ reason: why.value.trim() }) });
  const asked = h("div", {}, field("Why another time?", why, "It is kept with both times."), h("datalist", { id: `${id}-reasons` }, REASONS.map((words) => h("option", { value: words }))));
  const when = h("input", { type: "datetime-local", id, step: 1, value: local(at) });
  const moved = () => Math.abs(Date.parse(when.value) - tapped) > SLACK;
  const show = () => {
    const utc = zulu(when.value ? Date.parse(when.value) : NaN);
    told.textContent = `${utc ? `${utc}. ` : ""}${driftWords(state.drift) || "By this device’s clock; the server keeps its own beside it."}`;
    asked.hidden = !moved();
  };
  when.addEventListener("change", () => {
    const next = Date.parse(when.value);
    if (Number.isFinite(next)) keep({ happenedAt: withOffset(next), ...(moved() ? {} : { reason: "" }) });
    show();
  });
  show();
  return { node: h("div", { class: "stack" }, field("When did it happen?", when), told, asked), valid: () => (moved() && !why.value.trim() ? why : null) };
}
