// A map without tiles: the agreed area, the own track, where entries lie and where the officer is, on a grid of degrees.
// Outside the shell: fetched after it, kept by the worker, loaded when it is asked for.
import { button, h, note } from "../dom.js";

const LEAFLET = new URL("../../lib/leaflet/", import.meta.url);
const EQUATOR = 40075016.686; // metres
const FINGER = 24; // pixels: how exactly a thumb points
let loading = null;

function loaded(tag, attributes) {
  return new Promise((resolve, reject) => {
    document.head.append(h(tag, { ...attributes, onload: resolve, onerror: () => reject(new Error("The map has not been fetched yet.")) }));
  });
}

function leaflet() {
  loading ??= Promise.all([
    loaded("link", { rel: "stylesheet", href: new URL("leaflet.css", LEAFLET).href }),
    loaded("link", { rel: "stylesheet", href: new URL("map.css", import.meta.url).href }),
    loaded("script", { src: new URL("leaflet.js", LEAFLET).href }),
  ]).then(() => window.L).catch((error) => { loading = null; throw error; });
  return loading;
}

// Lines of latitude and longitude, some four to each side, with their degrees.
function grid(L, map) {
  const layer = L.layerGroup().addTo(map);
  const draw = () => {
    layer.clearLayers();
    const box = map.getBounds();
    const raw = (box.getNorth() - box.getSouth()) / 4;
    const step = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001].find((each) => each <= raw) ?? 0.0005;
    const digits = Math.max(0, Math.ceil(-Math.log10(step)));
    const line = (points, label) => {
      L.polyline(points, { className: "map-grid", interactive: false }).addTo(layer);
      L.marker(points[0], { interactive: false, keyboard: false, icon: L.divIcon({ className: "map-degrees", html: h("span", {}, label), iconSize: null }) }).addTo(layer);
    };
    for (let lat = Math.ceil(box.getSouth() / step) * step; lat < box.getNorth(); lat += step) line([[lat, box.getWest()], [lat, box.getEast()]], lat.toFixed(digits));
    for (let lon = Math.ceil(box.getWest() / step) * step; lon < box.getEast(); lon += step) line([[box.getNorth(), lon], [box.getSouth(), lon]], lon.toFixed(digits));
  };
  map.on("moveend", draw);
  draw();
}

async function draw(host, state, { patrol, at, pick }) {
  const L = await leaflet();
  const map = L.map(host, { attributionControl: false, zoomControl: true, maxZoom: 19, minZoom: 2, zoomAnimation: false, fadeAnimation: false });
  const seen = L.featureGroup();
  const operation = state.operationOf(patrol);
  for (const area of state.kit?.areas(operation, Date.now()) ?? []) L.geoJSON(area, { interactive: false, style: { className: "map-area" } }).addTo(seen);
  const rows = state.rows.filter((row) => (row.patrol ?? row.wire?.patrol) === patrol);
  for (const leg of new Set(rows.map((row) => (row.kind === "leg.start" ? row.id : null)).filter(Boolean))) {
    for (const line of await state.recorder.lines(leg)) {
      const points = line.map(({ lat, lon }) => [lat, lon]);
      L.polyline(points, { className: "map-casing", interactive: false }).addTo(seen);
      L.polyline(points, { className: "map-track", interactive: false }).addTo(seen);
    }
  }
  for (const row of rows) {
    const { latitude, longitude, text } = row.wire?.body ?? row.body ?? {};
    if (Number.isFinite(latitude)) L.circleMarker([latitude, longitude], { radius: 7, className: "map-entry" }).bindTooltip(h("span", {}, (text || "Entry").slice(0, 60))).addTo(seen);
  }
  const me = state.fix;
  if (me) {
    L.circle([me.lat, me.lon], { radius: me.accuracy, className: "map-accuracy", interactive: false }).addTo(map);
    L.circleMarker([me.lat, me.lon], { radius: 8, className: "map-me", interactive: false }).addTo(seen);
  }
  seen.addTo(map);
  if (at) map.setView([at.lat, at.lon], 14);
  else if (pick && me) map.setView([me.lat, me.lon], 14);
  else if (seen.getLayers().length) map.fitBounds(seen.getBounds().pad(0.1), { maxZoom: 16, animate: false });
  else map.setView([47, 9], 5);
  grid(L, map);
  L.control.scale({ imperial: false }).addTo(map);
  // A tap brings its place to the middle; the arrow keys move the map under it.
  if (pick) map.on("click", ({ latlng }) => map.panTo(latlng, { animate: false }));
  new ResizeObserver(() => map.invalidateSize()).observe(host);
  host.dataset.drawn = "1";
  return map;
}

export function mapPanel(state, { patrol = null, at = null, onpick = null } = {}) {
  const host = h("div", { class: "map-host", role: "application", "aria-label": onpick ? "Map. Arrow keys move it under the cross" : "Map of the patrol" });
  const frame = h("div", { class: "map-frame" }, host, onpick && h("span", { class: "map-cross", "aria-hidden": "true" }));
  const box = h("div", { class: "map-panel stack" }, frame);
  requestAnimationFrame(async () => {
    try {
      const map = await draw(host, state, { patrol, at, pick: Boolean(onpick) });
      if (!onpick) return;
      box.append(h("p", { class: "hint" }, "Tap the place: it comes under the cross."), button("Take the place under the cross", () => {
        const { lat, lng } = map.getCenter().wrap();
        const pixel = (EQUATOR * Math.cos((lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
        onpick({ lat, lon: lng, accuracy: Math.max(1, (pixel * FINGER) / 2) });
      }, { kind: "main", shape: "pin", id: "map-take" }));
    } catch (error) {
      frame.replaceWith(note("info", `${error.message} Open the app once with a network; coordinates can be typed meanwhile.`));
    }
  });
  return box;
}
