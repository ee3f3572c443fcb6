// The outbox as a file to carry by hand: sealed under a passphrase, opened at a desk by the officer who made it.
import { ITERATIONS, checkCode, fromBase64, fromCode, sha256, toBase64 } from "./vault.js";

const FORMAT = "entente-outbox";
const ABOUT = new TextEncoder().encode(FORMAT);
export const EXTENSION = ".entente";

export class NotAFile extends Error {}

// All that is not received, with photographs. Ids go along, so that nothing arrives twice.
export async function pack({ outbox, locker, passphrase, iterations = ITERATIONS }) {
  const wrong = checkCode(passphrase);
  if (wrong) throw new NotAFile(wrong);
  const rows = await outbox.carry();
  const photos = {};
  for (const row of rows.filter((each) => each.kind === "photo")) {
    const bytes = await locker.bytes("blobs", row.id);
    if (bytes) photos[row.id] = toBase64(bytes);
  }
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await fromCode(passphrase, salt, iterations, ["encrypt"]);
  const plain = new TextEncoder().encode(JSON.stringify({ officer: locker.officer, device: outbox.device, rows, photos }));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: ABOUT }, key, plain);
  return {
    count: rows.length,
    text: JSON.stringify({ format: FORMAT, version: 1, iterations, salt: toBase64(salt), iv: toBase64(iv), data: toBase64(new Uint8Array(data)) }),
  };
}

export async function content(text, passphrase) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new NotAFile("This is no file of an outbox.");
  }
  if (file?.format !== FORMAT) throw new NotAFile("This is no file of an outbox.");
  if (file.version !== 1) throw new NotAFile("This file was made by a newer version. Load the newest version here first.");
  if (!(file.iterations >= 1 && file.iterations <= 5000000)) throw new NotAFile("This is no file of an outbox.");
  try {
    const key = await fromCode(passphrase, fromBase64(file.salt), file.iterations, ["decrypt"]);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: fromBase64(file.iv), additionalData: ABOUT }, key, fromBase64(file.data));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    throw new NotAFile("That is not its passphrase, or the file is damaged.");
  }
}

// A colleague's file at a desk, as batches for the server's quarantine: nobody logs in another's name.
export function forColleague({ officer, device, rows }, most = 200) {
  const items = rows.filter((row) => row.state === "waiting" && row.wire).map((row) => row.wire);
  const batches = [];
  for (let start = 0; start < items.length; start += most) batches.push({ officer, device, items: items.slice(start, start + most) });
  return batches;
}

// Puts the rows into this device's outbox: {taken, known}. What is here already stays as it is. Only the officer who
// made the file may: the server takes entries from the officer who logged them.
export async function unpack({ outbox, locker, text, passphrase }) {
  const { officer, rows, photos } = await content(text, passphrase);
  if (officer !== locker.officer) throw new NotAFile("Another officer made this file. Only that officer can send it.");
  return outbox.exclusive(async () => {
    const changes = [];
    let known = 0;
    const ids = new Set((await outbox.rows()).map((row) => row.id));
    for (const row of rows) {
      if (ids.has(row.id)) {
        known += 1;
        continue;
      }
      changes.push({ table: "rows", key: row.id, value: { ...row, order: await outbox.next(), carried: true } });
      if (!photos[row.id]) continue;
      const bytes = fromBase64(photos[row.id]);
      if ((await sha256(bytes)) !== row.sha256) throw new NotAFile("A photograph in the file is damaged.");
      changes.push({ table: "blobs", key: row.id, bytes });
    }
    await locker.put(changes);
    return { taken: changes.filter((change) => change.table === "rows").length, known };
  });
}
