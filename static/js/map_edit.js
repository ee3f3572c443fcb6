// Drawing one area or one point of a form. Everything also works by keyboard: move the map with the arrow keys and
// set a corner in the middle; and the field itself can be typed into.
function button(text, work) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: text });
  made.addEventListener("click", work);
  return made;
}

function tools(map, host, ...buttons) {
  const cross = Object.assign(document.createElement("span"), { className: "map-cross", hidden: true });
  host.append(cross);
  const bar = Object.assign(document.createElement("div"), { className: "map-tools" });
  const said = Object.assign(document.createElement("span"), { className: "text-body-secondary" });
  said.setAttribute("role", "status");
  bar.append(...buttons, said);
  bar.addEventListener("focusin", () => { cross.hidden = false; });
  bar.addEventListener("focusout", () => { cross.hidden = true; });
  host.addEventListener("focus", () => { cross.hidden = false; });
  host.after(bar);
  return (text) => { said.textContent = text; };
}

const round = (number) => Number(number.toFixed(6));

function told(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function corners(text) {
  try {
    const value = JSON.parse(text);
    const geometry = value.geometry ?? value;
    const ring = geometry.type === "MultiPolygon" ? geometry.coordinates[0][0] : geometry.coordinates[0];
    return ring.slice(0, -1).map(([x, y]) => [y, x]);
  } catch {
    return [];
  }
}

function polygon(map, host) {
  const field = document.getElementById(host.dataset.target);
  if (!field) return;
  let points = corners(field.value);
  const shape = L.polygon([], { className: "shape shape-edit", interactive: false }).addTo(map);
  const handles = L.layerGroup().addTo(map);
  const say = tools(map, host, button("Set a corner in the middle", () => add(map.getCenter())), button("Undo last corner", () => { points.pop(); changed(); }), button("Clear", () => { points = []; changed(); }));

  function handle(point, index) {
    const html = Object.assign(document.createElement("span"), { className: "corner" });
    const marker = L.marker(point, { draggable: true, keyboard: true, icon: L.divIcon({ className: "", html, iconSize: [28, 28] }) });
    marker.on("add", () => marker.getElement().setAttribute("aria-label", `Corner ${index + 1}. Enter removes it.`));
    marker.on("drag", () => { points[index] = [marker.getLatLng().lat, marker.getLatLng().lng]; shape.setLatLngs(points); });
    marker.on("dragend", changed);
    marker.on("click", () => { points.splice(index, 1); changed(); });
    return marker;
  }

  function draw() {
    shape.setLatLngs(points);
    handles.clearLayers();
    points.forEach((point, index) => handles.addLayer(handle(point, index)));
    say(points.length < 3 ? `Set at least three corners (${points.length} so far).` : `Area with ${points.length} corners.`);
  }

  function changed() {
    const ring = points.map(([lat, lon]) => [round(lon), round(lat)]);
    field.value = points.length < 3 ? "" : JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
    told(field);
    draw();
  }

  function add(at) {
    points.push([at.lat, at.lng]);
    changed();
  }

  map.on("click", (event) => add(event.latlng));
  field.addEventListener("change", () => { points = corners(field.value); draw(); });
  draw();
  if (points.length > 2) map.fitBounds(shape.getBounds().pad(0.3), { animate: false });
}

function point(map, host) {
  const lat = document.getElementById(host.dataset.lat);
  const lon = document.getElementById(host.dataset.lon);
  if (!lat || !lon) return;
  const html = Object.assign(document.createElement("span"), { className: "corner" });
  const marker = L.marker([0, 0], { draggable: true, keyboard: true, icon: L.divIcon({ className: "", html, iconSize: [28, 28] }) });
  const buttons = [button("Set the point in the middle", () => set(map.getCenter()))];
  if (navigator.geolocation) buttons.push(button("Use my position", mine));
  const say = tools(map, host, ...buttons, button("Clear", () => { lat.value = ""; lon.value = ""; told(lat); read(); }));

  function mine() {
    say("Asking the device …");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { set(L.latLng(coords.latitude, coords.longitude)); map.setView(marker.getLatLng(), 14, { animate: false }); say(`Position of this device, accurate to ${Math.round(coords.accuracy)} m.`); },
      () => say("The device gave no position. Set the point on the map or type it."),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  }

  function set(at) {
    lat.value = round(at.lat);
    lon.value = round(at.lng);
    told(lat);
    read();
  }

  function read() {
    const [y, x] = [Number.parseFloat(lat.value), Number.parseFloat(lon.value)];
    const known = Number.isFinite(y) && Number.isFinite(x) && Math.abs(y) <= 90 && Math.abs(x) <= 180;
    if (known) {
      marker.setLatLng([y, x]).addTo(map);
      marker.getElement().setAttribute("aria-label", "The point");
    } else {
      marker.remove();
    }
    say(known ? `${y.toFixed(5)}, ${x.toFixed(5)}` : "No point yet.");
    return known;
  }

  map.on("click", (event) => set(event.latlng));
  marker.on("dragend", () => set(marker.getLatLng()));
  for (const field of [lat, lon]) field.addEventListener("change", () => { if (read()) map.panTo(marker.getLatLng()); });
  if (read()) map.setView(marker.getLatLng(), 12, { animate: false });
}

export function edit(map, host) {
  (host.dataset.mapEdit === "point" ? point : polygon)(map, host);
}
