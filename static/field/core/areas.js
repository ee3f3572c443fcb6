// Is this place inside the agreed area, and how far from its edge? Worked out on the device, from the kit's own
// geometry. Within the accuracy of the fix nothing is claimed: it is then "near".
import { EARTH_RADIUS } from "./tracks.js";

const METRES_PER_DEGREE = (Math.PI * EARTH_RADIUS) / 180;

export const NEAR = 500; // metres

function polygonsOf(geometry) {
  if (geometry?.type === "Polygon") return [geometry.coordinates];
  if (geometry?.type === "MultiPolygon") return geometry.coordinates;
  if (geometry?.type === "GeometryCollection") return geometry.geometries.flatMap(polygonsOf);
  return [];
}

function insideRing(ring, x, y) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if ((yi > y) !== (yj > y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

function insidePolygon(rings, x, y) {
  return insideRing(rings[0], x, y) && !rings.slice(1).some((hole) => insideRing(hole, x, y));
}

// Metres from a place to the nearest stretch of a ring, on a plane touching the globe at that place.
function toRing(ring, place) {
  const scale = METRES_PER_DEGREE * Math.cos((place.lat * Math.PI) / 180);
  const flat = ring.map(([lon, lat]) => [(lon - place.lon) * scale, (lat - place.lat) * METRES_PER_DEGREE]);
  let best = Infinity;
  for (let i = 1; i < flat.length; i += 1) {
    const [[x1, y1], [x2, y2]] = [flat[i - 1], flat[i]];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const square = dx * dx + dy * dy;
    const t = square ? Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / square)) : 0;
    best = Math.min(best, Math.hypot(x1 + t * dx, y1 + t * dy));
  }
  return best;
}

// {state: "inside" | "near" | "outside" | "unknown", metres: to the edge (null when unknown)}
export function nearness(geometries, place, { near = NEAR, accuracy = place?.accuracy ?? 0 } = {}) {
  const polygons = geometries.flatMap(polygonsOf).filter((rings) => rings[0]?.length > 3);
  if (!polygons.length || !place) return { state: "unknown", metres: null };
  const within = polygons.filter((rings) => insidePolygon(rings, place.lon, place.lat));
  const edge = (rings) => Math.min(...rings.map((ring) => toRing(ring, place)));
  // Inside overlapping areas the way out is the longest one; outside, the way in is the shortest.
  const metres = within.length ? Math.max(...within.map(edge)) : Math.min(...polygons.map(edge));
  if (metres <= accuracy) return { state: "near", metres };
  if (!within.length) return { state: "outside", metres };
  return { state: metres <= near + accuracy ? "near" : "inside", metres };
}
