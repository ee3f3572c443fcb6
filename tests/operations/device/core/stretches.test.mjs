// The track in stretches: each minute with a network, none cut without one, nothing lost or left out between two of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Recorder } from "../../../../static/field/core/recorder.js";
import { isDue, put, sentOf } from "../../../../static/field/core/stretches.js";
import { Server } from "./server.mjs";
import { ANNA, Device } from "./world.mjs";

const START = Date.UTC(2026, 10, 26, 9);
const LEG = "0195a000-0000-7000-8000-0000000000aa";

async function walk({ minutes, weather = () => "fine", step = 0.0001, killed = () => false }) {
  let now = START;
  const phone = new Device("phone", { clock: () => now });
  const server = new Server({ clock: () => now });
  let [outbox, recorder] = [];
  const open = async () => {
    const mine = await phone.sign(ANNA);
    [outbox, recorder] = [mine.outbox, new Recorder(mine.locker)];
    await recorder.begin(LEG);
  };
  await open();
  let stopped = null;
  const send = async () => {
    ({ stopped } = await outbox.flush(server.transport(() => ANNA, () => weather((now - START) / 60000))));
  };
  for (let i = 0; i < minutes * 12; i += 1) {
    now += 5000;
    if (killed(i)) {
      phone.kill();
      await open();
    }
    await recorder.add({ lat: 47.6 + i * step, lon: 9.1 + (i % 3) * step, at: now, accuracy: 5 });
    if (stopped) await send();
    else if (isDue(sentOf(await outbox.rows(), LEG), { startedAt: START, last: recorder.last })) {
      await put(outbox, recorder, { patrol: ANNA, leg: LEG });
      await send();
    }
  }
  const tracks = () => [...server.stored.values()].filter((item) => item.kind === "track").map((item) => item.body);
  return { tracks, outbox, recorder, send, end: async () => { await put(outbox, recorder, { patrol: ANNA, leg: LEG }); await send(); } };
}

// What the server joins: each stretch begins where the last one ended.
function line(bodies) {
  const whole = [];
  for (const { pieces, joins } of bodies) {
    assert.ok(joins && pieces.length === 1);
    if (whole.length) assert.deepEqual(pieces[0][0], whole.at(-1));
    whole.push(...pieces[0].slice(whole.length ? 1 : 0));
  }
  return whole;
}

test("a device that is lost in mid-leg loses a minute", async () => {
  const { tracks, recorder } = await walk({ minutes: 30, killed: (i) => i === 100 });
  assert.ok(tracks().length >= 25 && tracks().length <= 31, `${tracks().length} stretches`);
  const whole = line(tracks());
  assert.ok(recorder.last.at / 1000 - whole.at(-1)[2] <= 66);
  assert.equal(whole[0][2], START / 1000 + 5);
});

test("the end sends what is left, and rows of stretches do not pile up", async () => {
  const { tracks, outbox, recorder, end } = await walk({ minutes: 10 });
  await end();
  assert.equal(line(tracks()).at(-1)[2], recorder.last.at / 1000);
  await end();
  assert.equal(line(tracks()).at(-1)[2], recorder.last.at / 1000, "nothing new, nothing sent");
  assert.ok((await outbox.rows()).length <= 2);
});

test("without a network one waits, and what came after it goes as one", async () => {
  const { tracks, outbox, recorder, end, send } = await walk({ minutes: 40, weather: (minute) => (minute > 10 && minute < 39.9 ? "off" : "fine") });
  assert.ok((await outbox.rows()).filter((row) => row.state === "waiting").length <= 1);
  await send();
  await end();
  assert.ok(tracks().length < 15, `${tracks().length} stretches`);
  assert.equal(line(tracks()).at(-1)[2], recorder.last.at / 1000);
});

test("lost answers double nothing", async () => {
  const { tracks, end, send, recorder } = await walk({ minutes: 20, weather: (minute) => (Math.round(minute * 12) % 5 ? "lost" : "fine") });
  for (let i = 0; i < 5; i += 1) await send();
  await end();
  for (let i = 0; i < 5; i += 1) await send();
  const whole = line(tracks());
  assert.equal(new Set(whole.map(String)).size, whole.length);
  assert.ok(recorder.last.at / 1000 - whole.at(-1)[2] <= 66);
});

test("a team that stands still is heard of each five minutes", async () => {
  const { tracks } = await walk({ minutes: 30, step: 0 });
  assert.ok(tracks().length >= 4 && tracks().length <= 7, `${tracks().length} stretches`);
});

test("what was refused is told once more, and what a person must look at is not cut small", () => {
  const row = (order, state, at) => ({ id: `${order}`, kind: "track", leg: LEG, order, state, wire: { body: { pieces: [[[9, 47, at - 10], [9, 47, at]]] } } });
  const last = { lat: 48, lon: 9, at: 1000000000 };
  assert.deepEqual(sentOf([], LEG), { point: null, waits: false, plain: true, done: [] });
  assert.deepEqual(sentOf([row(2, "refused", 90), row(1, "received", 50)], LEG).point, [9, 47, 50]);
  for (const state of ["refused", "conflict", "quarantined", "waiting"]) assert.equal(isDue(sentOf([row(1, state, 50)], LEG), { startedAt: 0, last }), false, state);
  assert.ok(isDue(sentOf([row(1, "received", 50)], LEG), { startedAt: 0, last }));
  assert.ok(!isDue(sentOf([row(1, "received", 999990)], LEG), { startedAt: 0, last }));
});
