// The own track of a patrol: on a map, and as a file. From what this device recorded.
import { button, h, note } from "../dom.js";
import { geojson, gpx } from "../core/exports.js";
import { replay } from "../core/patrols.js";
import { clock } from "../core/times.js";
import { kilometres, length } from "../core/tracks.js";
import { titleOf } from "./parts.js";

const FORMS = { gpx: ["GPX", "application/gpx+xml", gpx], geojson: ["GeoJSON", "application/geo+json", geojson] };

export function save(text, type, name) {
  const href = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}

export async function track(content, state, { say }, id) {
  const title = titleOf(state, id);
  const legs = [];
  for (const leg of replay(state.rows, id).legs) {
    const lines = await state.recorder.lines(leg.id);
    if (lines.length) legs.push({ name: `Leg in ${leg.territory}, ${clock(leg.startedAt)}`, lines });
  }
  const points = legs.flatMap((leg) => leg.lines.flat()).length;
  content.append(h("h1", {}, "My track"), h("p", { class: "hint" }, title));
  const back = h("p", {}, h("a", { class: "tap tap-plain", href: `#/patrol/${id}` }, "Back to the patrol"));
  if (!points) {
    content.append(note("info", "This device recorded no track of this patrol."), back);
    return { keeps: () => false };
  }
  const metres = legs.reduce((sum, leg) => sum + leg.lines.reduce((part, line) => part + length(line), 0), 0);
  const place = h("div", {});
  content.append(h("p", {}, `${kilometres(metres)}, ${points} points, ${legs.length} leg${legs.length === 1 ? "" : "s"}.`), place,
    Object.entries(FORMS).map(([ending, [word, type, make]]) => button(`Save as ${word}`, () => {
      save(make({ title, legs, madeAt: Date.now() }), type, `track-${new Date().toISOString().slice(0, 10)}.${ending}`);
      say(`Saved as ${word}.`);
    }, { shape: "file", id: `save-${ending}` })).reduce((pair, each) => { pair.append(each); return pair; }, h("div", { class: "pair" })),
    note("info", "The file is not sealed: it is your agency’s, and handled as the patrol is. To partners it goes by a release, not by hand."), back);
  try {
    const { mapPanel } = await import("../later/map.js");
    place.append(mapPanel(state, { patrol: id }));
  } catch {
    place.append(note("info", "The map has not been fetched yet. Open the app once with a network."));
  }
  return { keeps: () => false };
}
