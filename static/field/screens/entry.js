// One entry of the log. Every letter is kept as it is typed; nothing is sent before the officer says so.
import { button, chip, field, h, icon, note } from "../dom.js";
import { audienceWords } from "../core/kit.js";
import { stateOf } from "../core/words.js";
import { edit } from "./edit.js";
import { typeParts } from "./fields.js";
import { operationOf, twice } from "./parts.js";
import { cameraInput, keepPictures, taken } from "./pictures.js";
import { placeParts } from "./place.js";
import { whenParts } from "./when.js";

export async function entry(content, state, { go, say }, id) {
  const row = await state.outbox.row(id);
  if (row?.state !== "draft") {
    content.append(h("h1", {}, "Entry"), row ? chip(stateOf(row, state.photosOf(id))) : note("info", "It is not on this device any more."), h("p", {}, h("a", { class: "tap tap-main", href: row?.patrol ? `#/patrol/${row.patrol}` : "#/" }, "Back")));
    return {};
  }
  if (row.body.edits) return edit(content, state, { go, say }, row);
  const operation = row.operation ?? operationOf(state, row.patrol);
  const body = { ...row.body };
  let saving = Promise.resolve();
  const keep = (patch, more = {}) => {
    Object.assign(body, patch);
    saved.textContent = "Keeping …";
    saving = saving.then(() => state.outbox.change(id, { body: { ...body }, ...more })).then(() => { saved.textContent = "Draft on this device"; });
    return saving;
  };
  const saved = h("span", { class: "hint", "data-kept": true }, "Draft on this device");

  const text = h("textarea", { id: "text", rows: 4, maxlength: 5000, value: body.text ?? "", oninput: () => keep({ text: text.value }) });
  const kinds = typeParts(state, { operation, body, keep, changed: () => tell() });

  const place = placeParts(state, { body, keep, patrol: row.patrol });
  const when = whenParts(state, { at: Date.parse(row.happenedAt), tapped: row.startedAt, reason: body.time_reason, keep: ({ happenedAt, reason }) => keep(reason === undefined ? {} : { time_reason: reason || undefined }, happenedAt ? { happenedAt } : {}) });
  const personal = h("input", { type: "checkbox", id: "personal", checked: body.categories?.includes("personal_data"), onchange: () => {
    keep({ categories: personal.checked ? ["operational", "personal_data"] : undefined });
    tell();
  } });

  const pictures = h("ul", { class: "pictures" });
  const showPictures = async () => {
    const photos = await taken(state, id);
    pictures.replaceChildren(...photos.map((photo, index) => h("li", {}, icon("camera"), h("span", {}, `Photograph ${index + 1}, ${Math.max(1, Math.round(photo.size / 1024))} KB`), button("Remove", async () => { await state.outbox.drop(photo.id); showPictures(); }, { kind: "small" }))));
    tell(photos.length);
  };
  const camera = cameraInput(async (files) => {
    await keepPictures(state, id, files);
    await showPictures();
    say("Photograph kept on this device.");
  });

  const line = h("p", { class: "audience", "data-audience": true });
  let audience = null;
  let count = 0;
  const tell = (photos = count) => {
    count = photos;
    audience = state.kit?.audience(operation, { photographs: photos > 0, personal: personal.checked || kinds.personal() }) ?? { agencies: [], waits: false, basis: "", shown: null };
    line.replaceChildren(icon("eye"), h("span", {}, audienceWords(audience, state.own.agency_name ?? "your agency")));
  };

  const wrong = h("p", { class: "wrong", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    await saving;
    wrong.textContent = "";
    const faulty = kinds.faulty();
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
    if (when.valid()) {
      wrong.textContent = "Say why it is another time.";
      fold.open = true;
      return when.valid().focus();
    }
    // What is shown goes along: the server never widens it (R6).
    const { typed, shown, ...rest } = body;
    const fields = Object.fromEntries(Object.entries({ ...kinds.wire(rest), ...(audience.shown ? { shown: audience.shown } : {}) }).filter(([, value]) => value !== undefined));
    await state.outbox.change(id, { body: fields });
    await state.outbox.commit(id);
    say("Waiting to send.");
    await state.refresh();
    state.send();
    return go(`#/patrol/${row.patrol}`);
  };

  const fold = h("details", { class: "fold" }, h("summary", {}, "Time, personal data"), h("div", { class: "fold-body" }, when.node, h("label", { class: "tick" }, personal, h("span", {}, "Holds personal data: it waits for a release"))));
  content.append(h("h1", {}, "Entry"), h("form", { class: "stack", onsubmit: send },
    kinds.node, field("What was seen?", text),
    ...place.nodes,
    h("label", { class: "tap tap-plain", for: "camera" }, icon("camera"), h("span", {}, "Photograph")), camera, pictures,
    fold,
    wrong,
    h("div", { class: "foot-bar" }, line, h("button", { class: "tap tap-main", type: "submit", id: "put-forward" }, icon("send"), h("span", {}, "Save")), saved),
    h("div", { class: "pair" }, h("a", { class: "tap tap-plain", href: `#/patrol/${row.patrol}` }, "Later"), twice("Discard", "Yes, discard it", async () => { await saving; await state.outbox.discard(id); await state.refresh(); go(`#/patrol/${row.patrol}`); }, { kind: "bad" }))));
  await showPictures();
  return { keeps: () => false, focus: "#text", end: place.end };
}
