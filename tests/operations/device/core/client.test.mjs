// The vault, the outbox row by row, the kit, crossings, the words, the recorder and the file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { left, limits } from "../../../../static/field/core/crossings.js";
import { uuid7, UUID } from "../../../../static/field/core/ids.js";
import { adopt, audienceWords, Kit } from "../../../../static/field/core/kit.js";
import { running, underWay } from "../../../../static/field/core/patrols.js";
import { Recorder } from "../../../../static/field/core/recorder.js";
import { wait } from "../../../../static/field/core/retry.js";
import { drift, driftWords, withOffset, zulu } from "../../../../static/field/core/times.js";
import { NotAFile, pack, unpack } from "../../../../static/field/core/transfer.js";
import { checkCode, Locked, Locker, Vault } from "../../../../static/field/core/vault.js";
import { stateOf } from "../../../../static/field/core/words.js";
import { ANNA, BERT, Device, secretsOf } from "./world.mjs";
import { Server } from "./server.mjs";

const NOW = Date.UTC(2026, 10, 26, 9);
const clock = () => NOW;
const device = (name = "phone") => new Device(name, { clock });
const entry = (text, extra = {}) => ({ patrol: BERT, body: { text, ...extra } });
const waiting = (outbox) => outbox.counts().then((counts) => counts.waiting);

test("keys sort by time and are of version 7", () => {
  const [a, b] = [uuid7(1000), uuid7(2000)];
  assert.match(a, UUID);
  assert.equal(a[14], "7");
  assert.ok(a < b);
  assert.notEqual(uuid7(1000), uuid7(1000));
});

test("instants carry the device's offset", () => {
  assert.equal(withOffset(NOW, 60), "2026-11-26T10:00:00.000+01:00");
  assert.equal(withOffset(NOW, -210), "2026-11-26T05:30:00.000-03:30");
  assert.equal(withOffset(NOW, 0), "2026-11-26T09:00:00.000+00:00");
  assert.equal(zulu("2026-11-26T10:00:00+01:00"), "09:00Z");
  assert.equal(drift({ drift_seconds: 12.5 }, 0, 0), 12.5);
  assert.equal(drift({ received_at: "2026-11-26T09:01:00Z" }, NOW - 1000, NOW + 1000), 60);
  assert.equal(driftWords(30), "");
  assert.match(driftWords(-3700), /1 h 01 min fast/);
});

test("a vault opens by the session, by the code, and by nothing else", async () => {
  const { store } = device();
  await Vault.make({ store, officer: ANNA, device: "d", secrets: secretsOf(ANNA) });
  await Vault.setCode({ store, officer: ANNA, secrets: secretsOf(ANNA), code: "three green boats", iterations: 10 });
  for (const by of [{ secrets: secretsOf(ANNA) }, { code: "three green boats" }]) {
    assert.equal((await Vault.open({ store, officer: ANNA, ...by })).officer, ANNA);
  }
  for (const by of [{}, { code: "three green boat" }, { code: "" }, { secrets: secretsOf(BERT) }, { secrets: secretsOf(ANNA, 2) }]) {
    await assert.rejects(Vault.open({ store, officer: ANNA, ...by }), Locked);
  }
  await assert.rejects(Vault.open({ store, officer: BERT, secrets: secretsOf(BERT) }), Locked);
  assert.ok(checkCode("1234567"));
  assert.ok(checkCode("11111111"));
  assert.ok(checkCode("12345678"));
  assert.equal(checkCode("4711-Rhein"), "");
});

test("a changed key of the portal takes the vault along, and the older secret ends", async () => {
  const { store } = device();
  await Vault.make({ store, officer: ANNA, device: "d", secrets: secretsOf(ANNA, 1) });
  const both = [...secretsOf(ANNA, 2), ...secretsOf(ANNA, 1)];
  await Vault.renew({ store, officer: ANNA, secrets: both });
  assert.ok(await Vault.open({ store, officer: ANNA, secrets: secretsOf(ANNA, 2) }));
  await assert.rejects(Vault.open({ store, officer: ANNA, secrets: secretsOf(ANNA, 1) }), Locked);
});

test("nothing readable lies in the store, and a sealed row opens in its own place alone", async () => {
  const phone = device();
  const { outbox, locker, vault } = await phone.sign(ANNA);
  const row = await outbox.add("observation", entry("The grey van of Müller"));
  const photo = await outbox.attach(row.id, { bytes: new TextEncoder().encode("JPEG of Müller"), sha256: "x" });
  const kept = JSON.stringify([...phone.store.tables.rows.values(), ...phone.store.tables.blobs.values()], (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value));
  for (const word of ["Müller", "grey", "observation", "waiting", "JPEG"]) assert.ok(!kept.includes(word), word);
  const sealed = await phone.store.read("rows", row.id);
  await assert.rejects(vault.unseal("rows", { ...sealed, key: photo.id }));
  await assert.rejects(vault.unseal("kits", sealed));
  const other = await phone.sign(BERT);
  assert.equal(await other.locker.get("rows", row.id), undefined);
  assert.deepEqual(await other.locker.all("rows"), []);
  await assert.rejects(other.vault.unseal("rows", sealed));
  assert.equal((await locker.get("rows", row.id)).wire.body.text, "The grey van of Müller");
});

test("each letter of a draft is kept; what was put forward is frozen", async () => {
  const phone = device();
  const { outbox } = await phone.sign(ANNA);
  const draft = await outbox.draft("observation", entry("Th"));
  await outbox.change(draft.id, { body: { text: "The boat" } });
  phone.kill();
  const again = await phone.sign(ANNA);
  assert.equal((await again.outbox.row(draft.id)).body.text, "The boat");
  await again.outbox.commit(draft.id);
  await again.outbox.change(draft.id, { body: { text: "other" } });
  assert.equal((await again.outbox.row(draft.id)).wire.body.text, "The boat");
  assert.equal(await again.outbox.discard(draft.id), false);
});

test("the order of sending is that of putting forward, whatever the clock says and over two tabs", async () => {
  let now = NOW;
  const phone = new Device("phone", { clock: () => now });
  const tab = await phone.sign(ANNA);
  const first = await tab.outbox.add("patrol.start", { patrol: BERT });
  const other = await phone.sign(ANNA);
  now -= 86400000;
  await other.outbox.add("observation", entry("second"));
  await tab.outbox.add("observation", entry("third"));
  const sent = [];
  const server = new Server({ clock });
  const way = server.transport(() => ANNA);
  await other.outbox.flush({ ...way, batch: (body) => { sent.push(...body.items); return way.batch(body); } });
  assert.deepEqual(sent.map((item) => item.body.text ?? item.id), [first.id, "second", "third"]);
});

test("an answer that is lost is asked for again, and stored once", async () => {
  const { outbox } = await device().sign(ANNA);
  const server = new Server({ clock });
  await outbox.add("observation", entry("once"));
  const lost = await outbox.flush(server.transport(() => ANNA, () => "lost"));
  assert.deepEqual([lost.stopped, await waiting(outbox), server.writes], ["offline", 1, 1]);
  await outbox.flush(server.transport(() => ANNA));
  assert.deepEqual([await waiting(outbox), server.writes], [0, 1]);
});

for (const [sky, stopped] of [["off", "offline"], [401, "signed_out"], [403, "refused"], [429, "busy"], [500, "busy"], ["page", "busy"]]) {
  test(`after ${sky} all goes on waiting`, async () => {
    const { outbox } = await device().sign(ANNA);
    const row = await outbox.add("observation", entry("here"));
    const outcome = await outbox.flush(new Server({ clock }).transport(() => ANNA, () => sky));
    assert.equal(outcome.stopped, stopped);
    assert.equal((await outbox.row(row.id)).state, "waiting");
  });
}

test("another officer's session sends nothing of mine", async () => {
  const { outbox } = await device().sign(ANNA);
  const server = new Server({ clock });
  await outbox.add("observation", entry("mine"));
  assert.equal((await outbox.flush(server.transport(() => BERT))).stopped, "other_officer");
  assert.equal((await outbox.flush(server.transport(() => null))).stopped, "signed_out");
  assert.equal(server.writes, 0);
});

test("one item that the server cannot read holds up nobody else", async () => {
  const { outbox } = await device().sign(ANNA);
  const server = new Server({ clock });
  for (let i = 0; i < 9; i += 1) await outbox.add("observation", entry(`fine ${i}`));
  const bad = await outbox.add("observation", entry("bad", { poison: true }));
  for (let i = 0; i < 9; i += 1) await outbox.add("observation", entry(`after ${i}`));
  await outbox.flush(server.transport(() => ANNA));
  assert.equal(server.writes, 18);
  const row = await outbox.row(bad.id);
  assert.deepEqual([row.state, row.problem.reason], ["waiting", "An item cannot be read."]);
});

test("more than one batch holds goes in several", async () => {
  const { outbox } = await device().sign(ANNA);
  const server = new Server({ clock });
  for (let i = 0; i < 430; i += 1) await outbox.add("check_in", { patrol: BERT });
  for (let i = 0; i < 4; i += 1) await outbox.add("track", { patrol: BERT, body: { lines: "x".repeat(400000) } });
  const sizes = [];
  const way = server.transport(() => ANNA);
  await outbox.flush({ ...way, batch: (body) => { sizes.push([body.items.length, JSON.stringify(body).length]); return way.batch(body); } });
  assert.equal(server.writes, 434);
  assert.ok(sizes.every(([count, bytes]) => count <= 200 && bytes <= 1048576), JSON.stringify(sizes));
});

test("what was refused shows the reason, and is corrected by a new entry with its photographs", async () => {
  const { outbox } = await device().sign(ANNA);
  const server = new Server({ clock });
  const row = await outbox.add("observation", entry("", { bad: true }));
  await outbox.attach(row.id, { bytes: new Uint8Array([1]), sha256: "x" });
  await outbox.flush(server.transport(() => ANNA));
  const told = stateOf(await outbox.row(row.id));
  assert.deepEqual([told.words, told.tone, told.reasons], ["Not taken", "bad", ["Say what was seen."]]);
  const draft = await outbox.correct(row.id);
  assert.equal(draft.id, row.id, "others may hang on it");
  assert.equal(await outbox.correct(row.id), null, "once");
  await outbox.change(draft.id, { body: { text: "A boat" } });
  await outbox.commit(draft.id);
  await outbox.flush(server.transport(() => ANNA));
  assert.deepEqual([server.stored.size, server.photos.size, await waiting(outbox)], [1, 1, 0]);
});

test("a key that the server holds with other words gets a new one; the refused entry stays", async () => {
  const [one, two] = [await device("phone").sign(ANNA), await device("tablet").sign(ANNA)];
  const server = new Server({ clock });
  const row = await one.outbox.add("observation", entry("first"));
  await two.outbox.add("observation", { id: row.id, ...entry("second") });
  for (const { outbox } of [one, two]) await outbox.flush(server.transport(() => ANNA));
  assert.equal((await two.outbox.row(row.id)).receipt.code, "other_body");
  const draft = await two.outbox.correct(row.id);
  assert.notEqual(draft.id, row.id);
  await two.outbox.commit(draft.id);
  await two.outbox.flush(server.transport(() => ANNA));
  assert.deepEqual([...server.stored.values()].map((item) => item.body.text), ["first", "second"]);
  assert.equal((await two.outbox.row(row.id)).correctedBy, draft.id);
});

test("what waits for another entry goes again by itself, with the reason meanwhile", async () => {
  const { outbox } = await device().sign(ANNA);
  const server = new Server({ clock });
  const host = await outbox.draft("patrol.start", { patrol: BERT });
  const row = await outbox.add("observation", entry("early", { waits: host.id }));
  await outbox.flush(server.transport(() => ANNA));
  const early = await outbox.row(row.id);
  assert.deepEqual([early.state, early.problem.reason], ["waiting", "Not received yet."]);
  await outbox.commit(host.id);
  await outbox.flush(server.transport(() => ANNA));
  await outbox.flush(server.transport(() => ANNA));
  assert.equal(await waiting(outbox), 0);
});

test("what was logged under two appointments goes in two batches", async () => {
  const { outbox } = await device().sign(ANNA);
  const server = new Server({ clock });
  for (const appointment of ["one", "one", "two"]) {
    outbox.appointment = appointment;
    await outbox.add("check_in", { patrol: BERT });
  }
  const seen = [];
  const way = server.transport(() => ANNA);
  await outbox.flush({ ...way, batch: (body) => { seen.push([body.appointment, body.items.length]); return way.batch(body); } });
  assert.deepEqual(seen, [["one", 2], ["two", 1]]);
});

test("the words: green for an entry and each of its photographs, by the server's word alone", async () => {
  const receipt = { at: "2026-11-26T14:32:10Z", reference: "OBS-1A2B3C4D", held: false, errors: [] };
  const photo = { kind: "photo", state: "waiting" };
  assert.equal(stateOf({ state: "draft" }).words, "Draft on this device");
  assert.equal(stateOf({ state: "waiting" }).words, "Waiting to send");
  assert.deepEqual([stateOf({ state: "received", receipt }).words, stateOf({ state: "received", receipt }).tone], ["Received 14:32Z (OBS-1A2B3C4D)", "ok"]);
  assert.equal(stateOf({ state: "received", receipt }, [photo, { ...photo, state: "received" }]).tone, "wait");
  assert.equal(stateOf({ state: "received", receipt }, [{ ...photo, state: "refused", receipt: { errors: [{ message: "No picture." }] } }]).tone, "bad");
  assert.match(stateOf({ state: "received", receipt: { ...receipt, held: true } }).words, /Held until you release it/);
  for (const state of ["draft", "waiting", "refused", "conflict", "quarantined"]) assert.notEqual(stateOf({ state, receipt }).tone, "ok", state);
});

test("received is forgotten after three days, once its patrol is over and all of it arrived", async () => {
  let now = NOW;
  const phone = new Device("phone", { clock: () => now });
  const { outbox } = await phone.sign(ANNA);
  await outbox.add("observation", entry("old"));
  await outbox.add("observation", entry("bad", { bad: true }));
  await outbox.flush(new Server({ clock: () => now }).transport(() => ANNA));
  now += 71 * 3600000;
  assert.equal(await outbox.prune(), 0);
  now += 2 * 3600000;
  assert.equal(await outbox.prune(new Set([BERT])), 0, "its patrol runs");
  assert.equal(await outbox.prune(), 1);
  assert.equal((await outbox.rows()).length, 1);
});

test("a file carries what waits, to its officer alone, with its passphrase alone", async () => {
  const [phone, desk] = [device("phone"), device("desk")];
  const from = await phone.sign(ANNA);
  const server = new Server({ clock });
  const row = await from.outbox.add("observation", entry("carried"));
  const bytes = new Uint8Array(70000).fill(7);
  const { sha256 } = await import("../../../../static/field/core/vault.js");
  await from.outbox.attach(row.id, { bytes, sha256: await sha256(bytes) });
  const { text, count } = await pack({ ...from, passphrase: "three green boats", iterations: 10 });
  assert.equal(count, 2);
  assert.ok(!text.includes("carried"));
  const to = await desk.sign(ANNA);
  const open = (more) => unpack({ ...to, text, passphrase: "three green boats", ...more });
  await assert.rejects(open({ passphrase: "three green goats" }), NotAFile);
  await assert.rejects(open({ text: "no" }), NotAFile);
  await assert.rejects(open({ text: text.replace(/.(?="}$)/, (sign) => (sign === "A" ? "B" : "A")) }), NotAFile);
  await assert.rejects(unpack({ ...(await desk.sign(BERT)), text, passphrase: "three green boats" }), /Another officer/);
  assert.deepEqual(await open(), { taken: 2, known: 0 });
  assert.deepEqual(await open(), { taken: 0, known: 2 });
  await to.outbox.flush(server.transport(() => ANNA));
  await from.outbox.flush(server.transport(() => ANNA));
  assert.deepEqual([server.writes, await waiting(from.outbox), await waiting(to.outbox)], [2, 0, 0]);
  assert.equal(await from.outbox.takeBack(row.id).then((each) => each.state), "received");
});

const OPERATION = { id: "op", title: "Seewacht", shown: { observation: [{ id: "b", name: "Bundespolizei", article: "Art. 7" }] } };

test("the kit goes with the right to it; the instructions stay", async () => {
  const { locker } = await device().sign(ANNA);
  const body = { until: "2026-11-27T09:00:00Z", operations: [OPERATION], powers: [{ operation: "op", pairs: [] }], instructions: [{ id: "i", operation: "op", text: "Finish, return." }] };
  let kit = await adopt(locker, { status: 200, body, etag: "1" }, NOW);
  assert.equal(kit.operation("op", NOW).title, "Seewacht");
  assert.equal(kit.isOver(NOW + 2 * 86400000), true);
  assert.equal(kit.operation("op", NOW + 2 * 86400000), null, "past its time");
  kit = await adopt(locker, { status: 304 }, NOW + 1);
  assert.equal(kit.fetchedAt, NOW + 1);
  kit = await adopt(locker, { status: 500 }, NOW + 2);
  assert.equal(kit.operation("op", NOW).title, "Seewacht");
  kit = await adopt(locker, { status: 200, body: { until: body.until, operations: [], instructions: [] }, etag: "2" }, NOW + 3);
  assert.deepEqual([kit.operation("op", NOW), kit.hasLost("op"), kit.instructions("op")[0].text], [null, true, "Finish, return."]);
  kit = await adopt(locker, { status: 200, body, etag: "3" }, NOW + 4);
  assert.equal(kit.hasLost("op"), false, "it came back");
  kit = await adopt(locker, { status: 200, body: { until: body.until, operations: [], instructions: [{ id: "i", operation: null, text: "Finish, return." }] } }, NOW + 4);
  assert.deepEqual(kit.instructions("op").map((row) => row.text), ["Finish, return."], "the copy of an operation that is hidden by now");
  kit = await adopt(locker, { status: 200, body: { ...body, operations: [{ ...OPERATION, instructions: "Go home." }], instructions: [] } }, NOW + 4);
  kit = await adopt(locker, { status: 200, body: { until: body.until, operations: [] } }, NOW + 4);
  assert.ok(kit.instructions("op").some((row) => row.text === "Go home."), "of the own operation");
  kit = await adopt(locker, { status: 200, body }, NOW + 4);
  for (const status of [403, 404]) {
    kit = await adopt(locker, { status }, NOW + 5);
    assert.deepEqual([kit.operation("op", NOW), kit.cards("op", NOW), kit.instructions("op").length, kit.hasLost("op")], [null, [], 1, true]);
  }
});

test("who will see it: nobody else unless the kit says so, and photographs wait (R6)", () => {
  const kit = new Kit({ until: "2026-11-27T09:00:00Z", operations: [OPERATION, { id: "none" }] });
  assert.equal(audienceWords(kit.audience("op", {}, NOW)), "Will be seen by your agency and Bundespolizei (Art. 7).");
  assert.deepEqual(kit.audience("op", {}, NOW).shown, ["b"]);
  for (const more of [{ photographs: true }, { personal: true }]) {
    assert.deepEqual([kit.audience("op", more, NOW).shown, audienceWords(kit.audience("op", more, NOW)).includes("Waits for a release")], [null, true]);
  }
  assert.equal(audienceWords(kit.audience("none", {}, NOW)), "Will be seen by your agency only, until it is released.");
  assert.equal(kit.audience("unknown", {}, NOW).shown, null);
});

const line = (more) => ({ answer: "only_if", distance_m: null, depth_m: null, seconds: null, terms: [], articles: [{ article: "Art. 41", short_name: "CISA" }], ...more });
const card = (opening, permitted = true) => [{ pairs: [{ actor: "CH", host: "DE", occasions: [{ occasion: "pursuit", permitted, opening }] }] }];
const asked = { actor: "CH", host: "DE", basis: "pursuit" };

test("the treaty's limit counts down in time and distance", () => {
  const crossing = { at: NOW, latitude: 47.66, longitude: 9.17 };
  const limit = limits(card([line({ seconds: 3600, distance_m: 10000 })]), asked);
  assert.deepEqual([limit.known, limit.permitted, limit.articles], [true, true, ["Art. 41, CISA"]]);
  assert.equal(left(limit, crossing, NOW, { lat: 47.66, lon: 9.17 }).state, "open");
  assert.equal(left(limit, crossing, NOW + 3000000).state, "tight");
  assert.equal(left(limit, crossing, NOW + 3600000).state, "over");
  const far = left(limit, crossing, NOW, { lat: 47.66 + 9000 / 111195, lon: 9.17, accuracy: 5 });
  assert.equal(far.state, "tight");
  assert.ok(Math.abs(far.metres - 1000) < 2);
  assert.equal(left(limit, crossing, NOW, { lat: 47.66 + 9990 / 111195, lon: 9.17, accuracy: 50 }).state, "over", "within the accuracy it may be over");
});

test("the tightest number is shown; no number is said to be none; no article is said to be none", () => {
  assert.equal(limits(card([line({ seconds: 3600 }), line({ seconds: 1800 }), line({ answer: "no", seconds: 1 })]), asked).seconds, 1800);
  assert.equal(left(limits(card([line({})]), asked), { at: NOW }, NOW).state, "unlimited");
  assert.equal(left(limits([], asked), { at: NOW }, NOW).state, "unknown");
  assert.equal(left(limits(card([line({ answer: "no" })], false), asked), { at: NOW }, NOW).state, "over");
  assert.equal(limits([], asked, { limits: { pursuit: { seconds: 900 } } }).seconds, 900, "else from the operation");
  assert.equal(limits(card([line({ seconds: 5 })]), { ...asked, host: "AT" }).known, false, "another border");
});

test("a patrol as the device knows it: started, rested, a new leg, a crossing, ended", async () => {
  let now = NOW;
  const phone = new Device("phone", { clock: () => now });
  const { outbox } = await phone.sign(ANNA);
  const log = async (kind, extra = {}) => { await outbox.add(kind, { patrol: BERT, ...extra }); now += 600000; };
  await log("patrol.start");
  await log("leg.start", { leg: "one", body: { territory: "CH" } });
  await log("leg.pause");
  await log("leg.resume");
  await log("leg.start", { leg: "two", body: { territory: "DE" } });
  await log("crossing.enter", { body: { host: "DE", basis: "pursuit" } });
  let [state] = running(await outbox.rows());
  assert.deepEqual([state.leg.id, state.legs.length, state.crossing.basis], ["two", 2, "pursuit"]);
  assert.equal(underWay(state.legs[0], now), 1200000, "thirty minutes, ten of them at rest");
  await log("crossing.leave");
  await log("patrol.end");
  assert.deepEqual(running(await outbox.rows()), []);
  [state] = [running(await outbox.rows())];
  assert.equal(state.length, 0);
});

test("a track goes on after a killed tab, in pieces, thinned, with its rests", async () => {
  const phone = device();
  const make = async () => new Recorder((await phone.sign(ANNA)).locker);
  let recorder = await make();
  await recorder.begin("leg");
  for (let i = 0; i < 150; i += 1) await recorder.add({ lat: 47.6 + i * 0.0002, lon: 9.1 + (i % 2) * 0.0002, at: NOW + i * 5000, accuracy: 5 });
  phone.kill();
  recorder = await make();
  await recorder.begin("leg");
  assert.equal(recorder.count, 150);
  const before = recorder.metres;
  await recorder.add({ lat: 47.9, lon: 9.1, at: NOW + 3600000, accuracy: 5 }, { broken: true });
  assert.equal(recorder.metres, before, "the way of a rest is not counted");
  assert.equal((await recorder.lines()).length, 2);
  const { pieces } = await recorder.body("leg", { tolerance: 1 });
  assert.equal(pieces.length, 1, "a single fix after the rest is no line yet");
  assert.ok(pieces[0].length > 10 && pieces[0].every((point) => point.length === 3 && point[0] < point[1]));
  assert.ok(before > 3000);
  await recorder.forget("leg");
  assert.deepEqual(await recorder.lines("leg"), []);
});

test("tries again later and later, never all at once", () => {
  assert.ok(wait(1, () => 0) === 2500 && wait(1, () => 1) === 5000);
  assert.equal(wait(40, () => 1), 300000);
});

test("another sign-in takes nothing away", async () => {
  const phone = device();
  const mine = await phone.sign(ANNA);
  await mine.outbox.add("observation", entry("mine"));
  phone.kill();
  const theirs = await phone.sign(BERT);
  await theirs.outbox.add("observation", entry("theirs"));
  phone.kill();
  assert.equal(await waiting((await phone.sign(ANNA)).outbox), 1);
  assert.ok(new Locker(phone.store, (await phone.sign(BERT)).vault));
});
