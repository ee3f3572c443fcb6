// New words of an entry that was received. Whoever was given the entry reads them: who that is stays as it is.
import { field, h, icon } from "../dom.js";
import { wireOf } from "../core/edits.js";
import { typeParts } from "./fields.js";
import { operationOf, twice } from "./parts.js";
import { placeParts } from "./place.js";

export function edit(content, state, { go, say }, row) {
  const back = `#/patrol/${row.patrol}`;
  const body = { ...row.body };
  const saved = h("span", { class: "hint", "data-kept": true }, "Draft on this device");
  let saving = Promise.resolve();
  const keep = (patch) => {
    Object.assign(body, patch);
    saved.textContent = "Keeping …";
    saving = saving.then(() => state.outbox.change(row.id, { body: { ...body } })).then(() => { saved.textContent = "Draft on this device"; });
    return saving;
  };
  const text = h("textarea", { id: "text", rows: 4, maxlength: 5000, value: body.text ?? "", oninput: () => keep({ text: text.value }) });
  const kinds = typeParts(state, { operation: row.operation ?? operationOf(state, row.patrol), body, keep, changed: () => {}, fixed: true });
  const place = placeParts(state, { body, keep, patrol: row.patrol });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    await saving;
    const faulty = kinds.faulty();
    wrong.textContent = "";
    if (faulty) {
      wrong.textContent = "Put right what is marked.";
      return faulty.focus();
    }
    if (!text.value.trim() && !kinds.filled()) {
      wrong.textContent = "Write what was seen.";
      return text.focus();
    }
    if (place.valid()) {
      wrong.textContent = "The place cannot be read. Put it right, or leave it empty.";
      return place.valid().focus();
    }
    await state.outbox.change(row.id, { body: wireOf(body) });
    await state.outbox.commit(row.id);
    say("Waiting to send.");
    await state.refresh();
    state.send();
    return go(back);
  };
  content.append(h("h1", {}, "Edit an entry"), h("form", { class: "stack", onsubmit: send },
    field("What was seen?", text), kinds.node, ...place.nodes, wrong,
    h("div", { class: "foot-bar" },
      h("p", { class: "audience" }, icon("eye"), h("span", {}, "Read by whoever may read the entry. The earlier words are kept. If a colleague changed it too, both stand until one of your team decides.")),
      h("button", { class: "tap tap-main", type: "submit", id: "put-forward" }, icon("send"), h("span", {}, "Save")), saved),
    h("div", { class: "pair" }, h("a", { class: "tap tap-plain", href: back }, "Later"), twice("Discard", "Yes, discard it", async () => { await saving; await state.outbox.discard(row.id); await state.refresh(); go(back); }, { kind: "bad" }))));
  return { keeps: () => false, focus: "#text", end: place.end };
}
