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

// The ground has half a million points. It is worked on in slices, so that the page answers meanwhile.
const SLICE = 12; // milliseconds

async function inSlices(list, work) {
  let since = performance.now();
  for (const each of list) {
    work(each);
    if (performance.now() - since < SLICE) continue;
    await new Promise((resolve) => { setTimeout(resolve); });
    since = performance.now();
  }
}

function boxOf(points) {
  const box = [180, 90, -180, -90];
  for (const [x, y] of points) {
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }
  return box;
}

// A shape in pieces that are drawn, or left out, each by itself.
function cut({ type, coordinates }, kind) {
  const parts = type.startsWith("Multi") ? coordinates : [coordinates];
  return type.endsWith("Polygon")
    ? parts.map((rings) => ({ kind, area: true, points: rings, box: boxOf(rings[0]) }))
    : parts.map((line) => ({ kind, area: false, points: line, box: boxOf(line) }));
}

const flat = (arcs) => (typeof arcs === "number" ? [arcs < 0 ? ~arcs : arcs] : arcs.flatMap(flat));

// Natural Earth's countries and their borders, arc by arc; without the borders that swiss-maps draws better.
async function worldPieces(world, better) {
  const { geometries } = world.objects.countries;
  const [pieces, countries, finer, arcs] = [[], [], new Set(), new Set()];
  await inSlices(geometries, (each) => {
    const used = flat(each.arcs ?? []);
    used.forEach((arc) => arcs.add(arc));
    if (better && NEAR.has(each.id)) used.forEach((arc) => finer.add(arc));
    if (!used.length) return;
    const found = cut(topojson.feature(world, each).geometry, "land");
    pieces.push(...found);
    countries.push(...found.map(({ points, box }) => ({ name: each.properties.name, rings: points, box })));
  });
  await inSlices([...arcs], (arc) => {
    if (!finer.has(arc)) pieces.push(...cut(topojson.feature(world, { type: "LineString", arcs: [arc] }).geometry, "border"));
  });
  return { pieces, countries };
}

// Lakes cover borders: on the upper Lake Constance no line was ever agreed.
async function swissPieces(swiss) {
  const { cantons, country, lakes } = swiss.objects;
  const several = (found, kind) => (found.features ?? [found]).flatMap(({ geometry }) => cut(geometry, kind));
  const pieces = [];
  await inSlices([
    () => cut(topojson.mesh(swiss, cantons, (a, b) => a !== b), "canton"),
    () => several(topojson.feature(swiss, country), "edge"),
    () => several(topojson.feature(swiss, lakes), "lake"),
  ], (step) => pieces.push(...step()));
  return pieces;
}

// Where a level of latitude crosses the rings, from west to east.
function crossings(rings, y) {
  const found = [];
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if ((yi > y) !== (yj > y)) found.push(((xj - xi) * (y - yi)) / (yj - yi) + xi);
    }
  }
  return found.sort((a, b) => a - b);
}

// Where in the view a country's name stands: the middle of its part of a coarse grid.
function namePlaces(countries, bounds) {
  const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const places = [];
  for (const { name, rings, box } of countries) {
    if (box[0] > east || box[2] < west || box[1] > north || box[3] < south) continue;
    const points = [];
    for (let j = 1; j < 14; j += 1) {
      const y = south + ((north - south) * j) / 14;
      const across = y > box[1] && y < box[3] ? crossings(rings, y) : [];
      for (let i = 1; across.length && i < 14; i += 1) {
        const x = west + ((east - west) * i) / 14;
        if (across.filter((at) => at > x).length % 2) points.push([x, y]);
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

function nameLayer(map, countriesNow) {
  const layer = L.layerGroup().addTo(map);
  return () => {
    layer.clearLayers();
    const seen = new Set();
    for (const { name, place } of namePlaces(countriesNow(), map.getBounds())) {
      if (seen.has(name)) continue;
      seen.add(name);
      const word = Object.assign(document.createElement("span"), { textContent: name });
      const icon = L.divIcon({ className: "place-name", html: word, iconSize: null });
      L.marker([place[1], place[0]], { icon, interactive: false, keyboard: false, pane: "names" }).addTo(layer);
    }
  };
}

const STYLES = {
  land: () => ({ stroke: false, fill: true, fillColor: token("--map-land"), fillOpacity: 1 }),
  border: () => ({ color: token("--map-border"), weight: 1.2, fill: false }),
  canton: () => ({ color: token("--map-border"), weight: 0.6, opacity: 0.45, dashArray: "2 4", fill: false }),
  edge: () => ({ color: token("--map-border"), weight: 1.4, fill: false }),
  lake: () => ({ stroke: false, fill: true, fillColor: token("--map-water"), fillOpacity: 1 }),
};

function touches([west, south, east, north], bounds) {
  return west <= bounds.getEast() && east >= bounds.getWest() && south <= bounds.getNorth() && north >= bounds.getSouth();
}

// Draws land, borders, lakes and names under everything else: what is near the view, for all that is drawn is worked out anew
// with every zoom. Colours follow the theme.
export async function draw(map) {
  for (const [name, order] of [["ground", 200], ["water", 210], ["names", 350]]) map.createPane(name).style.zIndex = order;
  map.getPane("names").style.pointerEvents = "none";
  const renderers = { ground: L.canvas({ pane: "ground", padding: 0.3 }), water: L.canvas({ pane: "water", padding: 0.3 }) };
  const grounds = new Map();
  const shown = new Map();
  let styles = {};
  let turn = 0;
  let countries = [];

  const groundOf = async (level) => {
    const swissNear = level === "10m" && L.latLngBounds(SWISS_BOX).intersects(map.getBounds().pad(1));
    const key = `${level} ${swissNear}`;
    if (!grounds.has(key)) {
      const [world, swiss] = await Promise.all([
        once(library(`world-atlas/countries-${level}.json`)),
        swissNear ? once(library(`swiss-maps/${SWISS_YEAR}/ch-combined.json`)) : null,
      ]);
      const found = await worldPieces(world, Boolean(swiss));
      grounds.set(key, { ...found, pieces: [...found.pieces, ...(swiss ? await swissPieces(swiss) : [])] });
    }
    return grounds.get(key);
  };
  const add = (piece) => {
    const pane = piece.kind === "edge" || piece.kind === "lake" ? "water" : "ground";
    const make = piece.area ? L.polygon : L.polyline;
    const layer = make(L.GeoJSON.coordsToLatLngs(piece.points, piece.area ? 1 : 0), { renderer: renderers[pane], pane, interactive: false, ...styles[piece.kind] });
    layer.addTo(map);
    if (piece.kind === "land" || piece.kind === "edge") layer.bringToBack();
    shown.set(piece, layer);
  };
  const paint = () => {
    styles = Object.fromEntries(Object.entries(STYLES).map(([kind, style]) => [kind, style()]));
    shown.forEach((layer, piece) => layer.setStyle(styles[piece.kind]));
  };
  const names = nameLayer(map, () => countries);
  const update = async () => {
    turn += 1;
    const mine = turn;
    const ground = await groundOf(map.getZoom() > 5 ? "10m" : "50m");
    if (mine !== turn) return;
    ({ countries } = ground);
    const [near, far] = [map.getBounds().pad(0.5), map.getBounds().pad(2)];
    const ours = new Set(ground.pieces);
    await inSlices([...shown.keys()], (piece) => {
      if (mine !== turn || (ours.has(piece) && touches(piece.box, far))) return;
      shown.get(piece).remove();
      shown.delete(piece);
    });
    await inSlices(ground.pieces, (piece) => { if (mine === turn && !shown.has(piece) && touches(piece.box, near)) add(piece); });
    if (mine === turn) names();
  };
  paint();
  map.on("moveend", () => update().catch(() => {}));
  document.addEventListener("entente:theme", paint);
  await update();
}
