// Coordinates in four notations, areas, lengths and thinned lines. Reference values are published ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nearness } from "../../../../static/field/core/areas.js";
import * as places from "../../../../static/field/core/places.js";
import { distance, length, thin, worthKeeping } from "../../../../static/field/core/tracks.js";
import { chance } from "./world.mjs";

const near = (a, b, by) => assert.ok(Math.abs(a - b) <= by, `${a} is not within ${by} of ${b}`);
const EIFFEL = { lat: 48.8582, lon: 2.2945 };

test("the Eiffel tower in UTM and MGRS", () => {
  const { zone, band, easting, northing } = places.toUtm(EIFFEL);
  assert.equal(`${zone}${band}`, "31U");
  near(easting, 448251.8, 0.1);
  near(northing, 5411932.7, 0.1);
  assert.equal(places.toMgrs(EIFFEL), "31UDQ 48251 11932");
});

test("zones of Norway and Svalbard are wider", () => {
  assert.equal(places.toUtm({ lat: 60.39, lon: 5.32 }).zone, 32);
  assert.equal(places.toUtm({ lat: 78.2, lon: 15.6 }).zone, 33);
  assert.equal(places.toUtm({ lat: 78.2, lon: 8.9 }).zone, 31);
});

test("one place, typed in any of the four", () => {
  const ways = [
    "47.6600, 9.1700", "47.66 9.17", "47,66; 9,17", "47.66 N 9.17 E", "N47.66 E9.17", "47°39'36\"N 9°10'12\"E", "47°39′36″N, 9°10′12″E",
    "47 39 36 N, 9 10 12 E", "N 47 39.6 E 9 10.2", "9°10'12\"E 47°39'36\"N",
    places.utm({ lat: 47.66, lon: 9.17 }), places.toMgrs({ lat: 47.66, lon: 9.17 }),
  ];
  for (const way of ways) {
    const place = places.parse(way);
    near(place.lat, 47.66, 0.00001);
    near(place.lon, 9.17, 0.00001);
  }
  assert.equal(places.parse("32TNT 12768 78461").method, "mgrs");
  near(places.parse("-33.5, -70.25").lon, -70.25, 0);
  near(places.parse("33°30'S 70°15'W").lat, -33.5, 0);
});

test("a coarse square is its middle, and says how coarse", () => {
  assert.equal(places.parse("32TNT 127 784").accuracy, 50);
  assert.equal(places.parse("32TNT1278").accuracy, 500);
});

test("what is no place says what to write", () => {
  for (const text of ["", "here", "91, 0", "0, 181", "47°61'N 9°E", "61UDQ 1 1", "31UDQ 123 1", "31IDQ 1 1", "31U 48251 11932", "1,2,3", "47.66", "NaN, NaN", "31UAA 1 1"]) {
    assert.throws(() => places.parse(text), places.NotAPlace, text);
  }
});

test("thousands of places there and back", () => {
  const luck = chance(7);
  for (let i = 0; i < 5000; i += 1) {
    const place = { lat: luck.next() * 163 - 79.5, lon: luck.next() * 359.8 - 179.9 };
    const flat = places.fromUtm(places.toUtm(place));
    near(flat.lat, place.lat, 1e-8);
    near(distance(flat, place), 0, 0.002);
    near(distance(places.parse(places.toMgrs(place)), place), 0, 1.5);
    near(distance(places.parse(places.dms(place)), place), 0, 2.5);
    near(distance(places.parse(places.decimal(place)), place), 0, 0.1);
    near(distance(places.parse(places.utm(place)), place), 0, 1.5);
  }
});

test("beyond UTM the decimal degrees stand in", () => {
  assert.equal(places.written({ lat: 89, lon: 10 }, "mgrs"), "89.000000, 10.000000");
});

test("a degree of latitude, and nothing lost of a line's shape", () => {
  near(distance({ lat: 47, lon: 9 }, { lat: 48, lon: 9 }), 111195.1, 0.5);
  const luck = chance(3);
  const line = [];
  let [lat, lon, course] = [47.6, 9.1, 1];
  for (let i = 0; i < 3000; i += 1) {
    course += (luck.next() - 0.5) * 0.6;
    lat += Math.cos(course) * 0.00005;
    lon += Math.sin(course) * 0.00007;
    line.push({ lat, lon, at: i * 1000, accuracy: 5 });
  }
  const thinned = thin(line, 5);
  assert.ok(thinned.length < line.length / 3, `${thinned.length} of ${line.length}`);
  assert.equal(thinned[0], line[0]);
  assert.equal(thinned.at(-1), line.at(-1));
  near(length(thinned) / length(line), 1, 0.03);
  const scale = 111195;
  for (const { lat: y, lon: x } of line) {
    let off = Infinity;
    for (let i = 1; i < thinned.length; i += 1) {
      const [a, b] = [thinned[i - 1], thinned[i]];
      const [ax, ay, bx, by] = [(a.lon - x) * scale * 0.6743, (a.lat - y) * scale, (b.lon - x) * scale * 0.6743, (b.lat - y) * scale];
      const square = (bx - ax) ** 2 + (by - ay) ** 2;
      const t = square ? Math.min(1, Math.max(0, -(ax * (bx - ax) + ay * (by - ay)) / square)) : 0;
      off = Math.min(off, Math.hypot(ax + t * (bx - ax), ay + t * (by - ay)));
      if (off < 5) break;
    }
    assert.ok(off <= 5.05, `${off} m off`);
  }
});

test("fixes that say too little are not kept", () => {
  const last = { lat: 47.6, lon: 9.1, at: 0, accuracy: 8 };
  assert.ok(worthKeeping(null, last));
  assert.ok(!worthKeeping(last, { ...last, at: 5000 }), "stands still");
  assert.ok(worthKeeping(last, { ...last, at: 61000 }), "says that it stands still, once a minute");
  assert.ok(!worthKeeping(last, { lat: 47.7, lon: 9.1, at: 2000, accuracy: 8 }), "a jump of eleven kilometres in two seconds");
  assert.ok(!worthKeeping(null, { ...last, accuracy: 400 }));
  assert.ok(!worthKeeping(null, { ...last, accuracy: NaN }));
  assert.ok(!worthKeeping(null, { ...last, lat: NaN }));
  assert.ok(!worthKeeping(last, { lat: 47.601, lon: 9.1, at: -1000, accuracy: 8 }), "earlier than the last");
});

const SQUARE = { type: "Polygon", coordinates: [[[9, 47], [9.1, 47], [9.1, 47.1], [9, 47.1], [9, 47]], [[9.04, 47.04], [9.06, 47.04], [9.06, 47.06], [9.04, 47.06], [9.04, 47.04]]] };

test("inside, near the edge, outside, in a hole, and not claimed within the accuracy", () => {
  const at = (lat, lon, accuracy = 10) => nearness([SQUARE], { lat, lon, accuracy });
  assert.equal(at(47.02, 9.02).state, "inside");
  assert.equal(at(47.002, 9.05).state, "near");
  near(at(47.002, 9.05).metres, 222.4, 0.5);
  assert.equal(at(46.99, 9.05).state, "outside");
  near(at(46.99, 9.05).metres, 1112, 1);
  assert.equal(at(47.05, 9.05).state, "outside", "the hole");
  assert.equal(at(46.9999, 9.05, 50).state, "near", "eleven metres off, known to fifty");
  assert.equal(nearness([], { lat: 47, lon: 9 }).state, "unknown");
});
