// Photographs: made smaller on the device, without what the camera wrote into the file, each a row of its own.
import { h } from "../dom.js";
import { sha256 } from "../core/vault.js";

const LONGEST_SIDE = 2560;
export const MOST_PHOTOS = 10;

// Where the browser cannot read it, the file as it is: the server draws it anew in any case.
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

export const taken = async (state, entry) => (await state.outbox.rows()).filter((each) => each.entry === entry);

export async function keepPictures(state, entry, files) {
  for (const file of files) {
    if ((await taken(state, entry)).length >= MOST_PHOTOS) break;
    const { bytes, type } = await prepared(file);
    await state.outbox.attach(entry, { bytes, type, sha256: await sha256(bytes), name: "photograph.jpg" });
  }
  state.dispatchEvent(new Event("stored"));
}

export function cameraInput(work, id = "camera") {
  const input = h("input", { type: "file", id, accept: "image/*", capture: "environment", multiple: true, class: "visually-hidden camera" });
  input.addEventListener("change", async () => {
    await work([...input.files]);
    input.value = "";
  });
  return input;
}
