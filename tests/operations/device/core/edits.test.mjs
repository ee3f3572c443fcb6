// An entry that was received, edited on the device: on the version that the device knows, and on no other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, wireOf } from "../../../../static/field/core/edits.js";
import { replay } from "../../../../static/field/core/patrols.js";
import { stateOf } from "../../../../static/field/core/words.js";
import { Server } from "./server.mjs";
import { ANNA, BERT, Device } from "./world.mjs";

async function logged(photographs = 0) {
  let now = Date.UTC(2026, 10, 26, 9);
  const clock = () => (now += 1000);
  const server = new Server({ clock });
  const { outbox } = await new Device("phone", { clock }).sign(ANNA);
  const send = () => outbox.flush(server.transport(() => ANNA));
  const draft = await outbox.draft("observation", { patrol: BERT, operation: "op", body: { type: "sighting", text: "One boat", shown: [], latitude: 47.6, longitude: 9.1 } });
  for (let i = 0; i < photographs; i += 1) await outbox.attach(draft.id, { bytes: new Uint8Array(4), sha256: `${i}` });
  await outbox.commit(draft.id);
  const edit = async (text) => {
    const fields = begun(await outbox.rows(), draft.id);
    if (!fields) return null;
    const row = await outbox.draft("observation", fields);
    await outbox.change(row.id, { body: wireOf({ ...row.body, text }) });
    return outbox.commit(row.id);
  };
  return { server, outbox, send, id: draft.id, edit };
}

test("what was not received cannot be edited: it is changed, or waits", async () => {
  const { outbox, send, id, edit } = await logged();
  assert.equal(await edit("Two boats"), null);
  await send();
  const row = await edit("Two boats");
  assert.deepEqual(row.wire.body, { edits: id, version: 1, text: "Two boats", type: "sighting", latitude: 47.6, longitude: 9.1 });
  assert.equal(stateOf(row).words, "Waiting to send");
  assert.equal(await edit("Three boats"), null, "one after the other");
  await send();
  assert.match(stateOf(await outbox.row(row.id)).words, /^Received /);
  assert.equal(replay(await outbox.rows(), BERT).entries, 1, "an edit is no entry of its own");
});

test("edits follow one another, and photographs count as the device's own", async () => {
  const { server, outbox, send, id, edit } = await logged(2);
  await send();
  for (const text of ["Two boats", "Three boats"]) {
    const row = await edit(text);
    await send();
    assert.equal((await outbox.row(row.id)).state, "received", text);
  }
  assert.equal(server.versions.get(id), 5);
  assert.equal(begun(await outbox.rows(), id).body.text, "Three boats");
});

test("a colleague's change is not written over, also not when a photograph came after it", async () => {
  const { server, outbox, send, id, edit } = await logged();
  await send();
  server.touch(id);
  await outbox.attach(id, { bytes: new Uint8Array(4), sha256: "late" });
  await send();
  const row = await edit("Two boats");
  assert.equal(row.wire.body.version, 1);
  await send();
  const told = await outbox.row(row.id);
  assert.equal(told.state, "conflict");
  assert.match(stateOf(told).words, /Two versions/);
  assert.equal(await edit("Again"), null, "a person decides first");
});

test("what an operation's type asks goes along, and what is no part of an edit does not", () => {
  const wire = wireOf({ edits: "e", version: 2, type: "note", form: "boat", catalogue: 3, values: { crew: 2 }, text: "", categories: ["x"], shown: ["y"], accuracy_m: 5, typed: undefined });
  assert.deepEqual(wire, { edits: "e", version: 2, text: "", values: { crew: 2 } });
});
