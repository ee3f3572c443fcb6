// The own track as a file: GPX 1.1 and GeoJSON (RFC 7946), from the fixes as they were taken, not thinned.

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" };
// XML 1.0 has no place for control characters.
const xml = (text) => String(text).replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "").replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign]);
const degrees = (number) => Number(number.toFixed(6));
const instant = (at) => new Date(at).toISOString();

// `legs`: [{name, lines: [[{lat, lon, at, accuracy}]]}]
export function gpx({ title, legs, madeAt }) {
  const point = ({ lat, lon, at }) => `<trkpt lat="${degrees(lat)}" lon="${degrees(lon)}"><time>${instant(at)}</time></trkpt>`;
  const tracks = legs.map(({ name, lines }) => `<trk><name>${xml(name)}</name>${lines.map((line) => `<trkseg>${line.map(point).join("")}</trkseg>`).join("")}</trk>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Entente" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>${xml(title)}</name><time>${instant(madeAt)}</time></metadata>${tracks.join("")}</gpx>\n`;
}

export function geojson({ title, legs, madeAt }) {
  const features = legs.map(({ name, lines }) => ({
    type: "Feature",
    // RFC 7946: a line has two points or more.
    geometry: { type: "MultiLineString", coordinates: lines.filter((line) => line.length > 1).map((line) => line.map(({ lat, lon }) => [degrees(lon), degrees(lat)])) },
    properties: { name, patrol: title, times: lines.filter((line) => line.length > 1).map((line) => line.map(({ at }) => instant(at))) },
  }));
  return `${JSON.stringify({ type: "FeatureCollection", properties: { name: title, made_at: instant(madeAt) }, features })}\n`;
}
