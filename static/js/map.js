// Maps: features from our own address, focusable markers, a list that holds the same, a legend. See components/map.html.
import { ATTRIBUTION, draw, json, library, script } from "./basemap.js";

const HOME = [[47.35, 8.2], [47.95, 9.95]];
const FORMS = ["dot", "square", "diamond", "ring"];

function sheet(href) {
  return new Promise((resolve) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve }));
  });
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// The same kind has the same form everywhere on one map.
function formOf(kinds, kind) {
  if (!kinds.has(kind)) kinds.set(kind, { form: FORMS[kinds.size % FORMS.length], tones: new Set(), geometry: "" });
  return kinds.get(kind);
}

function words(properties) {
  return [properties.title, properties.note, properties.time].filter(Boolean);
}

function popup(properties) {
  const title = element(properties.url ? "a" : "strong", { textContent: properties.title || "Untitled" });
  if (properties.url) title.href = properties.url;
  const rest = words(properties).slice(1).map((text) => element("div", { textContent: text }));
  return element("div", {}, title, ...rest);
}

function pin(feature, point, kinds) {
  const { kind = "place", tone = "plain" } = feature.properties;
  const html = element("span", { className: `pin pin-${tone} pin-${formOf(kinds, kind).form}` });
  return L.marker(point, { icon: L.divIcon({ className: "", html, iconSize: [28, 28] }), keyboard: true, riseOnHover: true, zIndexOffset: feature.properties.front ? 1000 : 0 });
}

function shapeClass(feature) {
  const area = feature.geometry.type.endsWith("Polygon") ? " shape-area" : "";
  return { className: `shape shape-${feature.properties.tone || "plain"}${area}` };
}

// Markers are buttons already; tracks and areas become some, so that the keyboard reaches them too.
function name(part, text) {
  const drawn = part.getElement();
  if (!drawn) return;
  drawn.setAttribute("aria-label", text);
  if (part.getLatLng) return;
  drawn.setAttribute("role", "button");
  drawn.setAttribute("tabindex", "0");
  drawn.addEventListener("keydown", (event) => { if (event.key === "Enter") part.openPopup(); });
}

// A pale casing keeps a track legible on land, water and borders.
function casing(features, casings) {
  const lines = features.filter((feature) => feature.geometry?.type.endsWith("LineString"));
  const onEachFeature = (feature, part) => casings.set(feature.id, part);
  return L.geoJSON(lines, { interactive: false, style: { className: "shape-casing" }, onEachFeature });
}

// A long track comes coarse. Where one looks closely, as much of it as this view needs takes its place.
function refine(map, tracks) {
  let [waiting, held] = [0, null];
  const look = async () => {
    const [view, zoom] = [map.getBounds(), map.getZoom()];
    if (held && held.zoom === zoom && held.box.contains(view)) return;
    // Wider than the view, so that a small move needs nothing new.
    const box = view.pad(0.5);
    held = { zoom, box };
    const query = new URLSearchParams({ zoom: Math.ceil(zoom), west: box.getWest(), south: box.getSouth(), east: box.getEast(), north: box.getNorth() });
    await Promise.all(tracks.filter(({ whole }) => whole.intersects(box)).map(async ({ url, parts }) => {
      const shape = await json(`${url}?${query}`);
      if (held.box !== box) return;
      const places = L.GeoJSON.coordsToLatLngs(shape.coordinates, 1);
      parts.forEach((part) => part.setLatLngs(places));
      map.getContainer().dataset.refined = `${zoom} ${shape.coordinates.reduce((sum, line) => sum + line.length, 0)}`;
    })).catch(() => { held = null; });
  };
  map.on("moveend", () => { clearTimeout(waiting); waiting = setTimeout(look, 150); });
}

function remember(kinds, feature) {
  const { kind = "place", tone = "plain" } = feature.properties;
  const entry = formOf(kinds, kind);
  entry.tones.add(tone);
  entry.geometry = feature.geometry.type;
  entry.label = feature.properties.kind_label || kind.replaceAll("_", " ");
}

function show(map, collection, kinds) {
  const features = collection.features.filter((feature) => feature.geometry);
  features.forEach((feature) => { feature.properties ??= {}; remember(kinds, feature); });
  const [casings, finer, entries] = [new Map(), [], []];
  casing(features, casings).addTo(map);
  const layer = L.geoJSON(features, {
    pointToLayer: (feature, point) => pin(feature, point, kinds),
    style: shapeClass,
    onEachFeature: (feature, part) => {
      part.bindPopup(() => popup(feature.properties));
      part.on("add", () => name(part, words(feature.properties).join(", ")));
      entries.push([feature.properties, part]);
      const url = feature.properties.finer;
      if (url) finer.push({ url, whole: part.getBounds(), parts: [part, casings.get(feature.id)].filter(Boolean) });
    },
  }).addTo(map);
  const bounds = layer.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { animate: false, maxZoom: 13 });
  if (finer.length) refine(map, finer);
  return entries;
}

function list(place, map, entries) {
  place.removeAttribute("aria-busy");
  place.replaceChildren(...entries.map(([properties, part]) => {
    const button = element("button", { type: "button", textContent: properties.title || "Untitled" });
    button.addEventListener("click", () => {
      const at = part.getLatLng ? part.getLatLng() : part.getBounds().getCenter();
      map.panTo(at, { animate: false });
      part.openPopup(at);
    });
    return element("li", {}, button, element("small", { textContent: words(properties).slice(1).join(" · ") }));
  }));
  if (!entries.length) place.append(element("li", { className: "text-body-secondary", textContent: "Nothing to show on the map." }));
}

function legend(after, kinds) {
  if (!kinds.size) return;
  const items = [...kinds.values()].map(({ form, tones, geometry, label }) => {
    const line = geometry.endsWith("LineString") ? "pin-line" : geometry.endsWith("Polygon") ? "pin-area" : `pin-${form}`;
    const tone = tones.size === 1 ? [...tones][0] : "plain";
    return element("li", {}, element("span", { className: `pin pin-${tone} ${line}` }), label);
  });
  after.after(element("ul", { className: "map-legend", ariaLabel: "Legend" }, ...items));
}

async function mount(host) {
  if (host.dataset.mounted) return;
  host.dataset.mounted = "1";
  host.setAttribute("role", "region");
  if (!host.hasAttribute("aria-label")) host.setAttribute("aria-label", host.dataset.label || "Map");
  const map = L.map(host, { scrollWheelZoom: false, zoomSnap: 0.5, minZoom: 3, maxZoom: 16, attributionControl: true });
  map.fitBounds(HOME, { animate: false });
  map.attributionControl.setPrefix(false).addAttribution(ATTRIBUTION);
  L.control.scale({ imperial: false, position: "topright" }).addTo(map);
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur mouseout", () => map.scrollWheelZoom.disable());
  const kinds = new Map();
  if (host.dataset.features) {
    const entries = show(map, await json(host.dataset.features), kinds);
    const beside = host.dataset.list === "next" ? host.nextElementSibling : document.getElementById(host.dataset.list || "");
    if (beside) list(beside, map, entries);
    legend(beside && host.dataset.list === "next" ? beside : host, kinds);
  }
  if (host.dataset.mapEdit) (await import("./map_edit.js")).edit(map, host);
  await draw(map);
  host.dataset.drawn = "1";
}

function failed(host) {
  const note = element("p", { className: "note note-warning", textContent: "The map could not be drawn. The list holds the same." });
  host.after(note);
  host.remove();
}

export async function start(within = document) {
  await Promise.all([
    sheet(library("leaflet/leaflet.css")).then(() => sheet(new URL("../css/map.css", import.meta.url).href)),
    script("leaflet/leaflet.js"),
    script("topojson/topojson-client.min.js"),
  ]);
  for (const host of within.querySelectorAll("[data-map]")) mount(host).catch(() => failed(host));
}
