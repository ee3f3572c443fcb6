// One entry of the log. Every letter is kept as it is typed; nothing is sent before the officer says so.
import { button, chip, field, h, icon, note } from "../dom.js";
import { audienceWords } from "../core/kit.js";
import { NotAPlace, parse, written } from "../core/places.js";
import { withOffset } from "../core/times.js";
import { sha256 } from "../core/vault.js";
import { stateOf } from "../core/words.js";
import { placed } from "../positions.js";
import { format } from "./settings.js";
import { typeParts } from "./fields.js";
import { operationOf } from "./parts.js";
import { twice } from "./patrol.js";

const LONGEST_SIDE = 2560;
const MOST_PHOTOS = 10;
const local = (at) => withOffset(at).slice(0, 19);

// Smaller, and without what the camera wrote into the file. Where the browser cannot read it, the file as it is.
async function prepared(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.85); });
    if (blob) return { bytes: new Uint8Array(await blob.arrayBuffer()), type: "image/jpeg" };
  } catch { /* a format that this browser does not know */ }
  return { bytes: new Uint8Array(await file.arrayBuffer()), type: file.type || "application/octet-stream" };
}

export async function entry(content, state, { go, say }, id) {
  const row = await state.outbox.row(id);
  if (row?.state !== "draft") {
    content.append(h("h1", {}, "Entry"), row ? chip(stateOf(row, state.photosOf(id))) : note("info", "It is not on this device any more."), h("p", {}, h("a", { class: "tap tap-main", href: row?.patrol ? `#/patrol/${row.patrol}` : "#/" }, "Back")));
    return {};
  }
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

  // Place: by a tap, with its accuracy shown; or typed in any of four ways.
  const about = h("span", { class: "hint", role: "status" }, Number.isFinite(body.latitude) && body.accuracy_m ? `± ${body.accuracy_m} m` : "");
  const place = h("input", { id: "place", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", value: Number.isFinite(body.latitude) ? written({ lat: body.latitude, lon: body.longitude }, format()) : body.typed ?? "" });
  place.addEventListener("input", () => {
    const cleared = { latitude: undefined, longitude: undefined, accuracy_m: undefined };
    place.removeAttribute("aria-invalid");
    if (!place.value.trim()) return keep({ ...cleared, typed: undefined });
    try {
      const found = parse(place.value);
      about.textContent = `Read as ${written(found, "decimal")}`;
      return keep({ ...placed(found), accuracy_m: found.accuracy && Math.round(found.accuracy), typed: undefined });
    } catch (error) {
      if (!(error instanceof NotAPlace)) throw error;
      about.textContent = error.message;
      place.setAttribute("aria-invalid", "true");
      return keep({ ...cleared, typed: place.value });
    }
  });
  const locate = button("Use my position", async () => {
    about.textContent = "Looking for your position …";
    const fix = await state.positions.once();
    about.textContent = fix ? `± ${Math.round(fix.accuracy)} m` : state.positions.trouble;
    if (!fix) return;
    place.value = written(fix, format());
    place.removeAttribute("aria-invalid");
    await keep({ ...placed(fix), typed: undefined });
  }, { shape: "pin", id: "locate" });

  const when = h("input", { type: "datetime-local", id: "when", step: 1, value: local(Date.parse(row.happenedAt)), onchange: () => {
    const at = Date.parse(when.value);
    if (Number.isFinite(at)) keep({}, { happenedAt: withOffset(at) });
  } });
  const personal = h("input", { type: "checkbox", id: "personal", checked: body.categories?.includes("personal_data"), onchange: () => {
    keep({ categories: personal.checked ? ["operational", "personal_data"] : undefined });
    tell();
  } });

  const pictures = h("ul", { class: "pictures" });
  const taken = async () => (await state.outbox.rows()).filter((each) => each.entry === id);
  const showPictures = async () => {
    const photos = await taken();
    pictures.replaceChildren(...photos.map((photo, index) => h("li", {}, icon("camera"), h("span", {}, `Photograph ${index + 1}, ${Math.max(1, Math.round(photo.size / 1024))} KB`), button("Remove", async () => { await state.outbox.drop(photo.id); showPictures(); }, { kind: "small" }))));
    tell(photos.length);
  };
  const camera = h("input", { type: "file", id: "camera", accept: "image/*", capture: "environment", multiple: true, class: "visually-hidden" });
  camera.addEventListener("change", async () => {
    for (const file of camera.files) {
      if ((await taken()).length >= MOST_PHOTOS) break;
      const { bytes, type } = await prepared(file);
      await state.outbox.attach(id, { bytes, type, sha256: await sha256(bytes), name: "photograph.jpg" });
    }
    camera.value = "";
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
    if (body.typed) {
      wrong.textContent = "The place cannot be read. Put it right, or leave it empty.";
      return place.focus();
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

  content.append(h("h1", {}, "Entry"), h("form", { class: "stack", onsubmit: send },
    kinds.node, field("What was seen?", text),
    field("Place", place, "47.66, 9.17 · 47°39'36\"N 9°10'12\"E · 32T 512768 5278461 · 32TNT 12768 78461"), h("div", { class: "beside" }, locate, about),
    h("label", { class: "tap tap-plain", for: "camera" }, icon("camera"), h("span", {}, "Photograph")), camera, pictures,
    h("details", { class: "fold" }, h("summary", {}, "Time, personal data"), h("div", { class: "fold-body" }, field("When did it happen?", when, "By this device’s clock."), h("label", { class: "tick" }, personal, h("span", {}, "Holds personal data: it waits for a release")))),
    wrong,
    h("div", { class: "foot-bar" }, line, h("button", { class: "tap tap-main", type: "submit", id: "put-forward" }, icon("send"), h("span", {}, "Save")), saved),
    h("div", { class: "pair" }, h("a", { class: "tap tap-plain", href: `#/patrol/${row.patrol}` }, "Later"), twice("Discard", "Yes, discard it", async () => { await saving; await state.outbox.discard(id); await state.refresh(); go(`#/patrol/${row.patrol}`); }, { kind: "bad" }))));
  await showPictures();
  return { keeps: () => false, focus: "#text" };
}
