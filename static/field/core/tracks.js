// Lengths on the globe and lines with fewer points, as the server works them out (operations/patrols/geometry.py).
// A fix: {lat, lon, at (milliseconds), accuracy (metres)}.

export const EARTH_RADIUS = 6371008.8; // metres, mean radius (IUGG)
const METRES_PER_DEGREE = (Math.PI * EARTH_RADIUS) / 180;
const CHUNK = 64;
const rad = (degrees) => (degrees * Math.PI) / 180;

// Metres along the great circle, by the haversine formula.
export function distance(a, b) {
  const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2
    + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(Math.min(1, h)));
}

export function length(line) {
  let sum = 0;
  for (let i = 1; i < line.length; i += 1) sum += distance(line[i - 1], line[i]);
  return sum;
}

function furthest(flat, start, end) {
  const [[x1, y1], [x2, y2]] = [flat[start], flat[end]];
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  let [best, off] = [start, -1];
  for (let i = start + 1; i < end; i += 1) {
    const [x, y] = flat[i];
    const t = square ? Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / square)) : 0;
    const here = (x - x1 - t * dx) ** 2 + (y - y1 - t * dy) ** 2;
    if (here > off) [best, off] = [i, here];
  }
  return [best, off > 0 ? Math.sqrt(off) : 0];
}

// Douglas–Peucker in stretches of 64: no dropped fix lies further than `tolerance` metres off, in linear time.
export function thin(line, tolerance = 5) {
  if (line.length < 3) return [...line];
  const scale = Math.cos(rad(line[0].lat)) || 1e-9;
  const flat = line.map(({ lat, lon }) => [lon * METRES_PER_DEGREE * scale, lat * METRES_PER_DEGREE]);
  const keep = new Set([0, line.length - 1]);
  for (let first = 0; first < line.length - 1; first += CHUNK) {
    const last = Math.min(first + CHUNK, line.length - 1);
    keep.add(first).add(last);
    const stack = [[first, last]];
    while (stack.length) {
      const [start, end] = stack.pop();
      const [index, off] = furthest(flat, start, end);
      if (off > tolerance) {
        keep.add(index);
        stack.push([start, index], [index, end]);
      }
    }
  }
  return [...keep].sort((a, b) => a - b).map((index) => line[index]);
}

export const POOREST = 100; // metres: a fix less accurate than this says too little
const FASTEST = 70; // metres a second: faster than any patrol car, so a jump of the receiver

// Whether a fix belongs on the line after `last`: accurate enough, later, and further off than its own uncertainty.
export function worthKeeping(last, fix) {
  if (![fix.lat, fix.lon, fix.at].every(Number.isFinite) || Math.abs(fix.lat) > 90 || Math.abs(fix.lon) > 180) return false;
  if (!(fix.accuracy <= POOREST)) return false;
  if (!last) return true;
  const seconds = (fix.at - last.at) / 1000;
  if (seconds <= 0) return false;
  const metres = distance(last, fix);
  if (metres / seconds > FASTEST && metres > fix.accuracy + last.accuracy) return false;
  return metres >= Math.max(3, Math.min(fix.accuracy, 15) / 2) || seconds >= 60;
}

export function kilometres(metres) {
  return metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(metres < 10000 ? 2 : 1)} km`;
}
