// What the device says by itself: warnings, the timer, the crossing from its tap on, the own track as a file, help before all else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { alarmsOf, limitWords } from "../../../../static/field/core/alarms.js";
import { timerOf } from "../../../../static/field/core/checkins.js";
import { differs, FALLEN, left, told } from "../../../../static/field/core/crossings.js";
import { geojson, gpx } from "../../../../static/field/core/exports.js";
import { Kit } from "../../../../static/field/core/kit.js";
import { replay, running } from "../../../../static/field/core/patrols.js";
import { Recorder } from "../../../../static/field/core/recorder.js";
import { offBy } from "../../../../static/field/core/times.js";
import { ANNA, BERT, Device } from "./world.mjs";
import { Server } from "./server.mjs";

const NOW = Date.UTC(2026, 10, 26, 9);
const MINUTE = 60000;
const ids = (alarms) => alarms.map(({ id }) => id);

test("nothing is said where nothing is wrong", () => {
  assert.deepEqual(alarmsOf({ now: NOW }), []);
  assert.deepEqual(alarmsOf({ now: NOW, near: { state: "inside", metres: 4000 }, timer: { dueAt: NOW + 20 * MINUTE } }), []);
  assert.deepEqual(alarmsOf({ now: NOW, near: { state: "unknown", metres: null }, timer: { dueAt: null } }), []);
});

test("the worst stands first, and each is told apart from the last", () => {
  const crossing = { territory: "YY", at: NOW - 90 * MINUTE, latitude: 47, longitude: 9 };
  const limit = { known: true, permitted: true, seconds: 3600, distance_m: null, depth_m: null };
  const rest = left(limit, crossing, NOW);
  const found = alarmsOf({ now: NOW, lost: true, crossing, rest, near: { state: "near", metres: 120 }, timer: { dueAt: NOW - 3 * MINUTE } });
  assert.deepEqual(ids(found), ["fallen", "limit-over", "overdue", "near"]);
  assert.match(found[1].words, /over by 30 min/);
  assert.match(found[2].words, /overdue by 3 min/);
  assert.deepEqual(ids(alarmsOf({ now: NOW, near: { state: "outside", metres: 900 }, timer: { dueAt: NOW + 2 * MINUTE } })), ["outside", "due"]);
  assert.deepEqual(ids(alarmsOf({ now: NOW, crossing, rest: left(limit, { ...crossing, at: NOW - MINUTE }, NOW) })), ["abroad"]);
});

test("after the basis has fallen away nothing is permitted, whatever was ruled", () => {
  const rest = left(FALLEN, { at: NOW }, NOW);
  assert.equal(rest.state, "over");
  assert.match(limitWords(rest), /fallen away/);
  const then = { permitted: true, seconds: 3600, distance_m: null, depth_m: null };
  assert.ok(differs(then, FALLEN));
  assert.ok(differs(then, { ...then, seconds: 1800 }));
  assert.ok(!differs(then, { ...then, terms: ["other words"] }));
  assert.ok(!differs(null, FALLEN));
});

test("the server's word of a stay counts by its lines of now", () => {
  const line = { answer: "yes", seconds: 3600, distance_m: 5000, depth_m: null, terms: ["In uniform"], articles: ["Art. 7"] };
  const stay = { limits: [line], limits_now: [{ ...line, seconds: 1800 }, { answer: "no", seconds: 60 }], permitted: true };
  assert.deepEqual(told(stay), { known: true, permitted: true, seconds: 1800, distance_m: 5000, depth_m: null, terms: ["In uniform"], articles: ["Art. 7"] });
  assert.equal(told({ limits: [{ answer: "no" }] }).permitted, false);
});

test("a check-in is due by the newest one, by whichever device", () => {
  const row = (minutes, at, state = "waiting") => ({ kind: "check_in", state, patrol: ANNA, wire: { happened_at: new Date(at).toISOString(), body: minutes === null ? {} : { next_minutes: minutes } } });
  assert.deepEqual(timerOf([], ANNA), { lastAt: null, minutes: 0, dueAt: null });
  const rows = [row(30, NOW), row(60, NOW - 10 * MINUTE), row(15, NOW + MINUTE, "refused")];
  assert.deepEqual(timerOf(rows, ANNA), { lastAt: NOW, minutes: 30, dueAt: NOW + 30 * MINUTE });
  assert.equal(timerOf(rows, BERT).dueAt, null);
  assert.equal(timerOf([...rows, row(0, NOW + MINUTE)], ANNA).dueAt, null);
  const team = { every: 20, last_at: new Date(NOW + 5 * MINUTE).toISOString(), next_at: new Date(NOW + 25 * MINUTE).toISOString() };
  assert.equal(timerOf(rows, ANNA, team).dueAt, NOW + 25 * MINUTE);
  assert.equal(timerOf([row(null, NOW + 6 * MINUTE)], ANNA, team).dueAt, NOW + 26 * MINUTE);
});

test("a crossing counts from its tap, while its details are a draft", async () => {
  const phone = new Device("phone", { clock: () => NOW });
  const { outbox } = await phone.sign(ANNA);
  await outbox.add("leg.start", { id: BERT, leg: BERT, patrol: ANNA, body: { territory: "XX" } });
  const limit = { permitted: true, seconds: 60, distance_m: null, depth_m: null };
  const draft = await outbox.draft("crossing.enter", { patrol: ANNA, body: { territory: "YY", basis: "pursuit" } });
  await outbox.change(draft.id, { limit });
  let [there] = running(await outbox.rows());
  assert.deepEqual([there.crossing.territory, there.crossing.at, there.crossing.draft, there.crossing.then], ["YY", NOW, true, limit]);
  const sent = await outbox.commit(draft.id);
  assert.equal(sent.wire.limit, undefined);
  [there] = running(await outbox.rows());
  assert.deepEqual([there.crossing.draft, there.crossing.then], [false, limit]);
  await outbox.add("crossing.leave", { patrol: ANNA, body: { crossing: draft.id } });
  assert.equal(replay(await outbox.rows(), ANNA).crossing, null);
  const wrong = await outbox.draft("crossing.enter", { patrol: ANNA, body: { territory: "YY" } });
  assert.ok(await outbox.discard(wrong.id));
  assert.equal(replay(await outbox.rows(), ANNA).crossing, null);
});

test("a call for help goes before all that waits, and alone when it is urgent", async () => {
  const phone = new Device("phone", { clock: () => NOW });
  const { outbox } = await phone.sign(ANNA);
  const server = new Server({ clock: () => NOW });
  const seen = [];
  const way = server.transport(() => ANNA);
  const transport = { ...way, batch: (body) => { seen.push(body.items.map((item) => item.kind)); return way.batch(body); } };
  await outbox.add("leg.pause", { patrol: ANNA });
  await outbox.add("track", { patrol: ANNA, body: { pieces: [] } });
  await outbox.add("panic", { patrol: ANNA, body: {} });
  await outbox.flush(transport, { urgent: true });
  assert.deepEqual(seen, [["panic"]]);
  assert.equal((await outbox.counts()).waiting, 2);
  await outbox.add("panic", { patrol: ANNA, body: {} });
  await outbox.flush(transport);
  assert.deepEqual(seen, [["panic"], ["panic"], ["leg.pause", "track"]]);
  assert.equal((await outbox.counts()).waiting, 0);
});

test("the own track is written whole, and hostile names stay text", () => {
  const line = [{ lat: 47.66, lon: 9.17, at: NOW, accuracy: 5 }, { lat: 47.6601, lon: 9.1702, at: NOW + 1000, accuracy: 5 }];
  const what = { title: "A & <b>\u0000\uD800", legs: [{ name: "Leg \"1\"", lines: [line, [line[0]]] }], madeAt: NOW };
  const text = gpx(what);
  assert.ok(text.includes("<name>A &amp; &lt;b&gt;</name>"), text);
  assert.equal(text.match(/<trkpt /g).length, 3);
  assert.equal(text.match(/<trkseg>/g).length, 2);
  assert.ok(text.includes("<time>2026-11-26T09:00:00.000Z</time>"));
  const { features } = JSON.parse(geojson(what));
  assert.deepEqual(features[0].geometry, { type: "MultiLineString", coordinates: [[[9.17, 47.66], [9.1702, 47.6601]]] });
  assert.equal(features[0].properties.times[0].length, 2);
});

test("lines of legs that nothing here names any more are forgotten, the running one never", async () => {
  const phone = new Device("phone", { clock: () => NOW });
  const { locker } = await phone.sign(ANNA);
  for (const leg of ["one", "two", "three"]) {
    const recorder = new Recorder(locker);
    await recorder.begin(leg);
    await recorder.add({ lat: 47, lon: 9, at: NOW, accuracy: 5 });
  }
  const recorder = new Recorder(locker);
  await recorder.begin("three");
  await recorder.tidy(new Set(["two"]));
  assert.deepEqual((await locker.all("fixes")).map((page) => page.leg).sort(), ["three", "two"]);
});

test("the kit tells of the team, and what is past its time tells nothing", () => {
  const content = { until: new Date(NOW + MINUTE).toISOString(), legs: [{ patrol: ANNA, territory: "XX" }], crossings: [{ patrol: ANNA, id: "c" }], safety: { timers: [{ patrol: ANNA, every: 30 }], alarms: [{ id: "a" }] } };
  const kit = new Kit(content);
  assert.deepEqual([kit.leg(ANNA, NOW).territory, kit.crossing(ANNA, NOW).id, kit.timer(ANNA).every, kit.calls.length], ["XX", "c", 30, 1]);
  assert.deepEqual([kit.leg(BERT, NOW), kit.crossing(ANNA, NOW + 2 * MINUTE), new Kit({}).calls.length], [null, null, 0]);
});

test("the clock's error is always told in words", () => {
  assert.deepEqual([null, 0.2, 3, -7300].map(offBy), ["not compared yet", "right to the second", "3 s slow", "2 h 01 min fast"]);
});
