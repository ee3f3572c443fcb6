// Coordinates as officers write them: decimal degrees, degrees-minutes-seconds, UTM, MGRS. WGS 84 throughout.
// UTM by Krüger's series to the fourth order (Karney 2011): far below a millimetre inside a zone.

const A = 6378137;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const N = F / (2 - F);
const RECTIFYING = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const K0 = 0.9996;
const ALPHA = [
  N / 2 - (2 * N ** 2) / 3 + (5 * N ** 3) / 16 + (41 * N ** 4) / 180,
  (13 * N ** 2) / 48 - (3 * N ** 3) / 5 + (557 * N ** 4) / 1440,
  (61 * N ** 3) / 240 - (103 * N ** 4) / 140,
  (49561 * N ** 4) / 161280,
];
const BETA = [
  N / 2 - (2 * N ** 2) / 3 + (37 * N ** 3) / 96 - N ** 4 / 360,
  N ** 2 / 48 + N ** 3 / 15 - (437 * N ** 4) / 1440,
  (17 * N ** 3) / 480 - (37 * N ** 4) / 840,
  (4397 * N ** 4) / 161280,
];
const BANDS = "CDEFGHJKLMNPQRSTUVWX";
const COLUMNS = ["STUVWXYZ", "ABCDEFGH", "JKLMNPQR"];
const ROWS = "ABCDEFGHJKLMNPQRSTUV";
const rad = (degrees) => (degrees * Math.PI) / 180;
const deg = (radians) => (radians * 180) / Math.PI;

export const HELP = "Write 47.66, 9.17 or 47°39'36\"N 9°10'12\"E or 32T 512768 5278461 or 32TNT 12768 78461.";

export class NotAPlace extends Error {}

function onEarth(lat, lon) {
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) throw new NotAPlace(`${lat}, ${lon} is not on earth: latitude first, then longitude.`);
  return { lat, lon };
}

export function bandOf(lat) {
  if (lat < -80 || lat > 84) throw new NotAPlace("UTM and MGRS end at 80° south and 84° north.");
  return BANDS[Math.min(19, Math.floor((lat + 80) / 8))];
}

function zoneOf(lat, lon) {
  const band = bandOf(lat);
  const zone = (Math.floor((lon + 180) / 6) % 60) + 1;
  if (band === "V" && lon >= 3 && lon < 12) return 32;
  if (band === "X" && lon >= 0 && lon < 42) return [31, 33, 35, 37][[9, 21, 33, 42].findIndex((edge) => lon < edge)];
  return zone;
}

export function toUtm({ lat, lon }, zone = zoneOf(lat, lon)) {
  const [phi, lambda] = [rad(lat), rad(lon - (zone * 6 - 183))];
  const tau = Math.tan(phi);
  const sigma = Math.sinh(E * Math.atanh((E * tau) / Math.hypot(1, tau)));
  const conformal = tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau);
  const xi = Math.atan2(conformal, Math.cos(lambda));
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(conformal, Math.cos(lambda)));
  let [x, y] = [eta, xi];
  ALPHA.forEach((a, i) => {
    const j = 2 * (i + 1);
    y += a * Math.sin(j * xi) * Math.cosh(j * eta);
    x += a * Math.cos(j * xi) * Math.sinh(j * eta);
  });
  const northing = K0 * RECTIFYING * y;
  return { zone, band: bandOf(lat), easting: 500000 + K0 * RECTIFYING * x, northing: lat < 0 ? northing + 1e7 : northing };
}

export function fromUtm({ zone, band, easting, northing }) {
  const south = BANDS.indexOf(band) < 10;
  const [y, x] = [(northing - (south ? 1e7 : 0)) / (K0 * RECTIFYING), (easting - 500000) / (K0 * RECTIFYING)];
  let [xi, eta] = [y, x];
  BETA.forEach((b, i) => {
    const j = 2 * (i + 1);
    xi -= b * Math.sin(j * y) * Math.cosh(j * x);
    eta -= b * Math.cos(j * y) * Math.sinh(j * x);
  });
  const conformal = Math.sin(xi) / Math.hypot(Math.sinh(eta), Math.cos(xi));
  let tau = conformal;
  for (let i = 0; i < 8; i += 1) {
    const sigma = Math.sinh(E * Math.atanh((E * tau) / Math.hypot(1, tau)));
    const here = tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau);
    const step = ((conformal - here) / Math.hypot(1, here)) * ((1 + (1 - E2) * tau ** 2) / ((1 - E2) * Math.hypot(1, tau)));
    tau += step;
    if (Math.abs(step) < 1e-12) break;
  }
  const lon = zone * 6 - 183 + deg(Math.atan2(Math.sinh(eta), Math.cos(xi)));
  return onEarth(deg(Math.atan(tau)), ((lon + 540) % 360) - 180);
}

export function toMgrs(place, digits = 5) {
  const { zone, band, easting, northing } = toUtm(place);
  const column = COLUMNS[zone % 3][Math.floor(easting / 1e5) - 1];
  const row = ROWS[(Math.floor(northing / 1e5) + (zone % 2 ? 0 : 5)) % 20];
  const cut = (metres) => String(Math.floor((metres % 1e5) / 10 ** (5 - digits))).padStart(digits, "0");
  return `${zone}${band}${column}${row} ${cut(easting)} ${cut(northing)}`;
}

// The middle of the square that is named; `accuracy` is half its side.
function fromMgrs(zone, band, column, row, figures) {
  const easting = COLUMNS[zone % 3].indexOf(column) + 1;
  const number = ROWS.indexOf(row);
  if (easting < 1 || number < 0) throw new NotAPlace(`There is no square ${column}${row} in zone ${zone}${band}.`);
  const digits = figures.length / 2;
  const side = 10 ** (5 - digits);
  const lowest = BANDS.indexOf(band) * 8 - 80;
  const base = toUtm({ lat: lowest, lon: zone * 6 - 183 }, zone).northing;
  let northing = ((number + 20 - (zone % 2 ? 0 : 5)) % 20) * 1e5;
  while (northing < Math.floor(base / 1e5) * 1e5 - 1e5) northing += 2e6;
  const part = (text) => (digits ? Number(text) * side : 0);
  const place = fromUtm({
    zone, band,
    easting: easting * 1e5 + part(figures.slice(0, digits)) + side / 2,
    northing: northing + part(figures.slice(digits)) + side / 2,
  });
  if (place.lat < lowest - 1 || place.lat > lowest + (band === "X" ? 13 : 9)) throw new NotAPlace(`The square ${column}${row} does not lie in ${zone}${band}.`);
  // Squares at the edge of a zone reach a little beyond it; in the bands V and X zones are wider.
  if (Math.abs(place.lon - (zone * 6 - 183)) > ("VX".includes(band) ? 9.5 : 4.5)) throw new NotAPlace(`The square ${column}${row} does not lie in zone ${zone}.`);
  return { ...place, accuracy: Math.max(1, side / 2) };
}

function zoneNumber(text, band) {
  const zone = Number(text);
  if (!(zone >= 1 && zone <= 60) || !BANDS.includes(band)) throw new NotAPlace(`There is no zone ${text}${band}.`);
  return zone;
}

function degrees(text) {
  const side = /[NSEW]/.exec(text)?.[0];
  const numbers = text.match(/\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  const [d, m = 0, s = 0] = numbers;
  if (!numbers.length || numbers.length > 3 || m >= 60 || s >= 60) throw new NotAPlace(HELP);
  const value = d + m / 60 + s / 3600;
  return { value: /^\s*[-−]/.test(text) || side === "S" || side === "W" ? -value : value, side };
}

function fromDegrees(text) {
  // Two halves: by the letters of the compass, else by a comma, a semicolon, or the space between two numbers.
  const halves = /^([NS][^NSEW]*)[,; ]*([EW].*)$/.exec(text) ?? /^([^NSEW]*[NS])[,; ]*([^NSEW]*[EW])$/.exec(text)
    ?? /^([EW][^NSEW]*)[,; ]*([NS].*)$/.exec(text) ?? /^([^NSEW]*[EW])[,; ]*([^NSEW]*[NS])$/.exec(text)
    ?? /^([^NSEW,;]+)[,;]([^NSEW,;]+)$/.exec(text) ?? /^([-+−]?\d+(?:\.\d+)?) +([-+−]?\d+(?:\.\d+)?)$/.exec(text);
  if (!halves) throw new NotAPlace(HELP);
  const [one, other] = [degrees(halves[1]), degrees(halves[2])];
  return one.side && !"NS".includes(one.side) ? onEarth(other.value, one.value) : onEarth(one.value, other.value);
}

// A place from any of the four ways of writing: {lat, lon, accuracy?, method}. Throws NotAPlace with what to write.
export function parse(written) {
  const text = written.trim().toUpperCase().replaceAll("′", "'").replaceAll("″", "\"").replaceAll(/\s+/g, " ");
  if (!text) throw new NotAPlace(HELP);
  const grid = /^(\d{1,2})([C-X]) ?([A-Z])([A-Z]) ?(\d*) ?(\d*)$/.exec(text);
  if (grid && (!grid[6] || grid[5].length === grid[6].length)) {
    const figures = grid[5] + grid[6];
    if (figures.length % 2 || figures.length > 10) throw new NotAPlace("MGRS has as many figures east as north, up to five each.");
    return { ...fromMgrs(zoneNumber(grid[1], grid[2]), grid[2], grid[3], grid[4], figures), method: "mgrs" };
  }
  const utm = /^(\d{1,2}) ?([C-X]) (\d{6}(?:\.\d+)?)(?: ?M?E)?[, ]+(\d{1,8}(?:\.\d+)?)(?: ?M?N)?$/.exec(text);
  if (utm) {
    const [easting, northing] = [Number(utm[3]), Number(utm[4])];
    if (easting < 1e5 || easting >= 1e6 || northing > 1e7) throw new NotAPlace("UTM: six figures east, up to eight north.");
    return { ...fromUtm({ zone: zoneNumber(utm[1], utm[2]), band: utm[2], easting, northing }), method: "utm" };
  }
  // 47,66; 9,17: a comma inside a number where something else parts the two.
  const points = /[; ]/.test(text) && /\d,\d/.test(text) && !/, /.test(text) ? text.replaceAll(/(\d),(\d)/g, "$1.$2") : text;
  return { ...fromDegrees(points), method: /['"°]|\d \d.*[NSEW]/.test(points) ? "dms" : "decimal" };
}

export function decimal({ lat, lon }) {
  return `${lat.toFixed(6)}, ${lon.toFixed(6)}`;
}

export function dms({ lat, lon }) {
  const write = (value, letters) => {
    const tenths = Math.round(Math.abs(value) * 36000);
    const [d, m, s] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
    return `${d}°${String(m).padStart(2, "0")}'${s.toFixed(1).padStart(4, "0")}"${letters[value < 0 ? 1 : 0]}`;
  };
  return `${write(lat, "NS")} ${write(lon, "EW")}`;
}

export function utm(place) {
  const { zone, band, easting, northing } = toUtm(place);
  return `${zone}${band} ${Math.round(easting)} ${Math.round(northing)}`;
}

export const FORMATS = { decimal, dms, utm, mgrs: toMgrs };

// Written one way; beyond UTM's ends in decimal degrees.
export function written(place, format = "decimal") {
  try {
    return FORMATS[format](place);
  } catch {
    return decimal(place);
  }
}
