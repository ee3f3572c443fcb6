// The ground of a map without a tile server: world-atlas (Natural Earth), and where it applies swiss-maps (swisstopo),
// whose borders of Switzerland and Liechtenstein replace the coarser ones.
const LIB = new URL("../lib/", import.meta.url);
const SWISS_YEAR = "2026";
const SWISS_BOX = [[45.5, 5.6], [48.1, 10.8]];
const NEAR = new Set(["756", "438"]);
const loaded = new Map();

export const ATTRIBUTION = "Natural Earth; swisstopo – not an authority on boundaries";

export function library(path) {
  return new URL(path, LIB).href;
}

export function script(path) {
  if (!loaded.has(path)) {
    loaded.set(path, new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement("script"), { src: library(path), onload: resolve, onerror: reject });
      document.head.append(element);
    }));
  }
  return loaded.get(path);
}

export async function json(url) {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/geo+json, application/json" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

function once(url) {
  if (!loaded.has(url)) loaded.set(url, json(url));
  return loaded.get(url);
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Natural Earth's borders, without those that swiss-maps draws better.
function borders(world, better) {
  const drawn = (a, b) => !(better && (NEAR.has(a.id) || NEAR.has(b.id)));
  return topojson.mesh(world, world.objects.countries, drawn);
}

function ringBox(rings) {
  const box = [180, 90, -180, -90];
  for (const [x, y] of rings[0]) {
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }
  return box;
}

function inside(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if ((yi > y) !== (yj > y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    }
  }
  return odd;
}

// Where in the view a country's name stands: the middle of its part of a coarse grid.
function namePlaces(countries, bounds) {
  const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const places = [];
  for (const { name, rings, box } of countries) {
    if (box[0] > east || box[2] < west || box[1] > north || box[3] < south) continue;
    const points = [];
    for (let i = 1; i < 14; i += 1) {
      for (let j = 1; j < 14; j += 1) {
        const [x, y] = [west + ((east - west) * i) / 14, south + ((north - south) * j) / 14];
        if (inside(rings, x, y)) points.push([x, y]);
      }
    }
    if (points.length < 6) continue;
    const mean = points.reduce((sum, p) => [sum[0] + p[0] / points.length, sum[1] + p[1] / points.length], [0, 0]);
    const near = (p) => (p[0] - mean[0]) ** 2 + (p[1] - mean[1]) ** 2;
    const place = points.reduce((best, p) => (near(p) < near(best) ? p : best));
    places.push({ name, place, size: points.length });
  }
  return places.sort((a, b) => b.size - a.size).slice(0, 12);
}

function nameLayer(map, land) {
  const countries = [];
  for (const feature of land.features) {
    const parts = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
    for (const rings of parts) countries.push({ name: feature.properties.name, rings, box: ringBox(rings) });
  }
  const layer = L.layerGroup().addTo(map);
  const write = () => {
    layer.clearLayers();
    const seen = new Set();
    for (const { name, place } of namePlaces(countries, map.getBounds())) {
      if (seen.has(name)) continue;
      seen.add(name);
      const word = Object.assign(document.createElement("span"), { textContent: name });
      const icon = L.divIcon({ className: "place-name", html: word, iconSize: null });
      L.marker([place[1], place[0]], { icon, interactive: false, keyboard: false, pane: "names" }).addTo(layer);
    }
  };
  map.on("moveend", write);
  write();
}

// Draws land, borders, lakes and names under everything else. Colours follow the theme.
export async function draw(map) {
  map.createPane("ground").style.zIndex = 200;
  map.createPane("names").style.zIndex = 350;
  map.getPane("names").style.pointerEvents = "none";
  const renderer = L.canvas({ pane: "ground", padding: 0.3 });
  const options = { renderer, pane: "ground", interactive: false };
  const swissNear = L.latLngBounds(SWISS_BOX).intersects(map.getBounds());
  const [world, swiss] = await Promise.all([
    once(library(`world-atlas/countries-${map.getZoom() > 5 ? "10m" : "50m"}.json`)),
    swissNear ? once(library(`swiss-maps/${SWISS_YEAR}/ch-combined.json`)) : null,
  ]);
  const land = topojson.feature(world, world.objects.countries);
  const layers = [
    [L.geoJSON(land, options), () => ({ stroke: false, fillColor: token("--map-land"), fillOpacity: 1 })],
    [L.geoJSON(borders(world, Boolean(swiss)), options), () => ({ color: token("--map-border"), weight: 1.2, fill: false })],
  ];
  if (swiss) {
    // Lakes cover borders: on the upper Lake Constance no line was ever agreed.
    const fine = topojson.feature(swiss, swiss.objects.country);
    const lakes = topojson.feature(swiss, swiss.objects.lakes);
    const cantons = topojson.mesh(swiss, swiss.objects.cantons, (a, b) => a !== b);
    layers.push(
      [L.geoJSON(cantons, options), () => ({ color: token("--map-border"), weight: 0.6, opacity: 0.45, dashArray: "2 4", fill: false })],
      [L.geoJSON(fine, options), () => ({ color: token("--map-border"), weight: 1.4, fill: false })],
      [L.geoJSON(lakes, options), () => ({ stroke: false, fillColor: token("--map-water"), fillOpacity: 1 })],
    );
  }
  const paint = () => layers.forEach(([layer, style]) => layer.setStyle(style));
  paint();
  layers.forEach(([layer]) => layer.addTo(map));
  document.addEventListener("entente:theme", paint);
  nameLayer(map, land);
}
