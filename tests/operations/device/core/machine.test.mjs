// Two devices, two officers, one server. Answers get lost, come twice and in another order, sessions end, tabs are killed, apps are
// installed anew, clocks are wrong, officers are revoked. After each sequence: nothing lost, nothing doubled, nothing
// silently written over. SEQUENCES sets how many; a failure names its seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pack, unpack } from "../../../../static/field/core/transfer.js";
import { sha256 } from "../../../../static/field/core/vault.js";
import { ANNA, BERT, chance, Device } from "./world.mjs";
import { Server } from "./server.mjs";

const SEQUENCES = Number(process.env.SEQUENCES ?? 400);
const FIRST = Number(process.env.SEED ?? 1);
const STEPS = 24;

class World {
  constructor(seed) {
    this.luck = chance(seed);
    this.now = Date.UTC(2026, 10, 26, 8);
    this.server = new Server({ clock: () => this.now });
    this.devices = ["phone", "tablet"].map((name) => {
      const device = new Device(name, { clock: () => this.now + device.wrong, offset: () => device.zone });
      Object.assign(device, { wrong: 0, zone: 60, session: ANNA });
      return device;
    });
    this.logged = new Map(); // id → {officer, words}: what an officer put forward and was told is kept
    this.green = new Map(); // id → receipt's words, once green never other
    this.file = null;
  }

  async hand(device = this.luck.pick(this.devices)) {
    const officer = device.session;
    if (!officer) return null;
    const held = device.open.get(officer) ?? (await device.sign(officer));
    return { device, officer, ...held };
  }

  async log() {
    const hand = await this.hand();
    if (!hand) return;
    const { outbox, officer } = hand;
    const roll = this.luck.next();
    const body = { text: `entry ${this.luck.below(1e9)}`, ...(roll < 0.05 ? { bad: true } : roll < 0.08 ? { versions: true } : roll < 0.1 ? { poison: true } : {}) };
    const draft = await outbox.draft("observation", { patrol: ANNA, body });
    if (this.luck.odds(0.1)) return; // left as a draft
    if (this.luck.odds(0.2)) {
      await outbox.change(draft.id, { body: { ...body, text: `${body.text}, changed` } });
      body.text += ", changed";
    }
    const photos = [];
    if (this.luck.odds(0.25)) {
      const bytes = new Uint8Array([1, 2, this.luck.below(256)]);
      photos.push((await outbox.attach(draft.id, { bytes, sha256: await sha256(bytes) })).id);
    }
    await outbox.commit(draft.id);
    this.logged.set(draft.id, { officer, text: body.text, body, photos, device: hand.device.name });
  }

  weather() {
    return this.luck.odds(0.45) ? "fine" : this.luck.pick(["off", "lost", "lost", 500, 429, "page", 401]);
  }

  mangled(answer) {
    if (!Array.isArray(answer.body?.results) || this.luck.odds(0.6)) return answer;
    const results = [...answer.body.results];
    if (this.luck.odds(0.5)) results.reverse();
    if (this.luck.odds(0.3)) results.push(...results);
    if (this.luck.odds(0.3)) results.splice(this.luck.below(results.length), 1); // a part of the answer
    if (this.luck.odds(0.2)) results.push({ id: "0195a000-0000-7000-8000-0000000000ff", state: "received" }, { id: results[0]?.id, state: "who knows" });
    return { ...answer, body: { ...answer.body, results } };
  }

  transport(device, fine = false) {
    const session = () => device.session;
    return fine ? this.server.transport(session) : this.server.transport(session, () => this.weather(), (answer) => this.mangled(answer));
  }

  async send() {
    const hand = await this.hand();
    if (!hand) return;
    const sends = [hand.outbox.flush(this.transport(hand.device))];
    if (this.luck.odds(0.2)) sends.push(hand.outbox.flush(this.transport(hand.device))); // two taps, or two tabs
    await Promise.all(sends);
  }

  // An entry meant for one officer is sent while another is signed in on the same device.
  async strangerSends() {
    const device = this.luck.pick(this.devices);
    const [officer, held] = this.luck.pick([...device.open]) ?? [];
    if (!held || officer === device.session) return;
    const outcome = await held.outbox.flush(this.transport(device, true));
    assert.ok(["other_officer", "signed_out"].includes(outcome.stopped));
  }

  async step() {
    this.now += this.luck.below(600000);
    const device = this.luck.pick(this.devices);
    const roll = this.luck.next();
    if (roll < 0.38) await this.log();
    else if (roll < 0.66) await this.send();
    else if (roll < 0.72) device.kill();
    else if (roll < 0.78) device.session = this.luck.pick([ANNA, BERT, null]);
    else if (roll < 0.82) device.wrong = this.luck.pick([0, -7200000, 5400000, -31536000000, 172800000]);
    else if (roll < 0.84) device.zone = this.luck.pick([0, 60, 120, -300]);
    else if (roll < 0.87) await this.strangerSends();
    else if (roll < 0.9) await this.takeBack();
    else if (roll < 0.93) await this.correct();
    else if (roll < 0.96) await this.carry();
    else if (roll < 0.98) await this.reinstall(device);
    else if (this.luck.odds(0.3)) this.server.revoked.add(BERT);
    await this.look();
  }

  async takeBack() {
    const hand = await this.hand();
    const row = hand && this.luck.pick((await hand.outbox.rows()).filter((each) => each.state === "waiting" && each.kind !== "photo"));
    if (!row) return;
    const back = await hand.outbox.takeBack(row.id);
    if (row.attempts || row.carried) assert.equal(back.state, "waiting");
    if (back.state !== "draft") return;
    assert.ok(!this.server.receipts.has(`${hand.officer}/${row.id}`), "taken back although the server has it");
    await hand.outbox.commit(row.id);
  }

  async correct() {
    const hand = await this.hand();
    const row = hand && this.luck.pick((await hand.outbox.rows()).filter((each) => each.state === "refused" && each.kind !== "photo" && !each.correctedBy));
    if (!row) return;
    const draft = await hand.outbox.correct(row.id);
    const body = { text: `${row.wire.body.text}, corrected by ${hand.device.name}` };
    await hand.outbox.change(draft.id, { body });
    await hand.outbox.commit(draft.id);
    const before = this.logged.get(row.id);
    this.logged.set(draft.id, { officer: hand.officer, text: body.text, body, photos: before?.photos ?? [], twice: before?.body.text.includes("corrected") });
  }

  // The outbox leaves as a file, and comes in on the other device, maybe twice, maybe much later.
  async carry() {
    const hand = await this.hand();
    if (!hand) return;
    this.file ??= { officer: hand.officer, ...(await pack({ ...hand, passphrase: "a long passphrase", iterations: 1 })) };
    if (hand.officer !== this.file.officer) {
      await assert.rejects(unpack({ ...hand, text: this.file.text, passphrase: "a long passphrase" }), /Another officer/);
      return;
    }
    await unpack({ ...hand, text: this.file.text, passphrase: "a long passphrase" });
    if (this.luck.odds(0.5)) this.file = null;
  }

  // Removed and installed again; the officer carried the outbox over in a file, as the page demands.
  async reinstall(device) {
    const files = [];
    for (const officer of [ANNA, BERT]) {
      const held = await device.sign(officer);
      files.push([officer, await pack({ ...held, passphrase: "a long passphrase", iterations: 1 })]);
    }
    device.wipe();
    for (const [officer, { text }] of files) await unpack({ ...(await device.sign(officer)), text, passphrase: "a long passphrase" });
  }

  // What must hold after every step: green only by the server's word, and for good.
  async look() {
    for (const device of this.devices) {
      for (const [officer, { outbox }] of device.open) {
        for (const row of await outbox.rows()) {
          if (row.state !== "received") continue;
          const known = this.server.receipts.get(`${officer}/${row.id}`)?.receipt;
          assert.equal(known?.state, "received", "green without the server's receipt");
          if (row.kind === "photo") continue;
          const words = `${row.receipt.reference} ${row.receipt.at}`;
          assert.equal(this.green.get(row.id) ?? words, words);
          this.green.set(row.id, words);
        }
      }
    }
  }

  async finish() {
    this.server.revoked.clear();
    for (let round = 0; round < 2; round += 1) {
      for (const device of this.devices) {
        for (const officer of [ANNA, BERT]) {
          device.session = officer;
          const { outbox } = await device.sign(officer);
          const outcome = await outbox.flush(this.transport(device, true));
          assert.equal(outcome.stopped, null);
        }
      }
    }
    await this.look();
  }

  async judge() {
    const rows = new Map();
    for (const device of this.devices) {
      for (const officer of [ANNA, BERT]) {
        for (const row of await (await device.sign(officer)).outbox.rows()) rows.set(`${device.name}/${row.id}`, row);
      }
    }
    for (const [id, { officer, body, text, photos }] of this.logged) {
      const receipt = this.server.receipts.get(`${officer}/${id}`)?.receipt;
      const here = this.devices.map((device) => rows.get(`${device.name}/${id}`)).filter(Boolean);
      if (body.poison) {
        assert.ok(here.some((row) => row.state === "waiting" && row.problem?.status === 400), "what the server cannot read stays, with its reason");
        continue;
      }
      if (!body.bad) assert.ok(receipt, `lost: ${text}`);
      if (receipt?.state === "quarantined") continue;
      if (body.bad) {
        assert.ok(!receipt, "refused leaves nothing");
        assert.ok(here.every((row) => row.state === "refused" && row.receipt.errors[0].message), "refused, with the reason");
        continue;
      }
      const stored = this.server.stored.get(`${officer}/${id}`).body.text;
      // Put right on both devices: the first to arrive stands, the other is told so and stays there.
      const apart = here.some((row) => row.state === "refused" && row.receipt.code === "other_body" && row.wire.body.text === text);
      assert.ok(stored === text || apart, "written over");
      for (const other of [ANNA, BERT]) if (other !== officer) assert.ok(!this.server.stored.has(`${other}/${id}`), "sent as another officer");
      for (const photo of photos) assert.ok(this.server.receipts.has(`${officer}/${photo}`), "a photograph was lost");
    }
    const items = [...this.server.receipts.values()].filter(({ receipt }) => ["received", "conflict"].includes(receipt.state)).length;
    assert.equal(this.server.writes, items, "stored twice");
    assert.equal(new Set([...this.server.stored.keys()].map((key) => key.split("/")[1])).size, this.server.stored.size);
  }
}

test(`${SEQUENCES} sequences over two devices: nothing lost, doubled or written over`, async () => {
  let sent = 0;
  for (let seed = FIRST; seed < FIRST + SEQUENCES; seed += 1) {
    const world = new World(seed);
    try {
      for (let i = 0; i < STEPS; i += 1) await world.step();
      await world.finish();
      await world.judge();
    } catch (error) {
      error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
    sent += world.server.writes;
  }
  assert.ok(sent > SEQUENCES, `only ${sent} entries arrived: the sequences test nothing`);
  console.log(`${SEQUENCES} sequences, ${sent} entries and photographs stored, each once`);
});
