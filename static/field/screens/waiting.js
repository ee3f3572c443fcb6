// Waiting to send: each row with how it stands and why; send now; out as a file, and in again at a desk.
import { button, h, note } from "../dom.js";
import { clock, offBy } from "../core/times.js";
import { actions, rowLine, standing } from "./parts.js";

const LATEST = 20;

export function waiting(content, state, { go, say }) {
  const open = state.rows.filter((row) => row.kind !== "photo" && row.state !== "received" && !row.correctedBy);
  const photos = state.rows.filter((row) => row.kind === "photo" && row.state === "waiting" && !open.some((each) => each.id === row.entry));
  const done = state.rows.filter((row) => !["photo", "track"].includes(row.kind) && row.state === "received").slice(-LATEST).reverse();
  const count = state.rows.filter((row) => row.state === "waiting").length;
  content.append(h("h1", {}, `Waiting to send (${count})`), ...standing(state),
    button(state.sending ? "Sending …" : "Send now", () => state.contact(), { kind: "main", shape: "send", id: "send-now", ...(state.sending ? { "aria-disabled": "true" } : {}) }),
    open.length || photos.length ? h("ul", { class: "rows" }, [...open, ...photos].map((row) => rowLine(state, row, ...actions(state, row, { go })))) : h("p", { class: "hint" }, "Nothing waits. What you logged was received."));
  content.append(h("p", { class: "hint" }, `This device’s clock is ${offBy(state.drift)}${state.heardAt ? `, compared ${clock(state.heardAt)}` : ""}.`));
  if (done.length) content.append(h("section", {}, h("h2", {}, "Received"), h("ul", { class: "rows" }, done.map((row) => rowLine(state, row)))));
  const carry = h("div", { class: "stack" });
  content.append(carry, h("p", {}, h("a", { class: "tap tap-plain", href: "#/" }, "Back")));
  import("./carry.js").then(({ carrying }) => carry.append(...carrying(state, say)))
    .catch(() => carry.append(note("info", "Carrying by file has not been fetched yet. Open the app once with a network.")));
  let before = JSON.stringify(state.rows.map((row) => [row.id, row.state, row.problem?.at])) + state.sending + state.stopped;
  return { keeps: () => {
    const now = JSON.stringify(state.rows.map((row) => [row.id, row.state, row.problem?.at])) + state.sending + state.stopped;
    const busy = content.querySelector("details[open] input:focus");
    const changed = now !== before && !busy;
    if (changed) before = now;
    return changed;
  } };
}
