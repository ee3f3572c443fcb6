// Where it was: by a tap with its accuracy shown, the last known place, the map, or typed in any of four ways.
import { button, field, h } from "../dom.js";
import { NotAPlace, parse, written } from "../core/places.js";
import { lasting } from "../core/times.js";
import { accuracyWords, FRESH, placed } from "../positions.js";
import { format } from "../prefs.js";

const CLEARED = { latitude: undefined, longitude: undefined, accuracy_m: undefined, position_method: undefined };

// `body` holds latitude, longitude, accuracy_m, position_method and what was `typed`; `keep(patch)` keeps each change.
// → {nodes, valid(), end()}
export function placeParts(state, { body, keep, label = "Place", id = "place", patrol = null }) {
  const { positions } = state;
  const has = () => Number.isFinite(body.latitude);
  const told = h("span", { class: "hint", role: "status", id: `${id}-about` });
  const tell = (words, tone = "hint") => { told.textContent = words; told.className = tone; };
  const input = h("input", { id, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", value: has() ? written({ lat: body.latitude, lon: body.longitude }, format()) : body.typed ?? "" });
  if (has() && Number.isFinite(body.accuracy_m)) tell(accuracyWords(body.accuracy_m));

  const take = async (place, method) => {
    input.value = written(place, format());
    input.removeAttribute("aria-invalid");
    const { accuracy_m: accuracy, ...at } = placed(place);
    tell(Number.isFinite(accuracy) ? accuracyWords(accuracy) : "Taken from the map.", accuracy > 100 ? "wrong" : "hint");
    await keep({ ...at, accuracy_m: accuracy, position_method: method, typed: undefined });
    show();
  };

  input.addEventListener("input", () => {
    input.removeAttribute("aria-invalid");
    if (!input.value.trim()) {
      tell("");
      return keep({ ...CLEARED, typed: undefined });
    }
    try {
      const found = parse(input.value);
      tell(`Read as ${written(found, "decimal")}`);
      return keep({ ...placed(found), accuracy_m: found.accuracy && Math.round(found.accuracy), position_method: found.method, typed: undefined });
    } catch (error) {
      if (!(error instanceof NotAPlace)) throw error;
      tell(error.message, "wrong");
      input.setAttribute("aria-invalid", "true");
      return keep({ ...CLEARED, typed: input.value });
    }
  });

  // The key tells how good the fix is before it is taken. Without a fix the first tap begins to look.
  const live = () => (positions.last && Date.now() - positions.last.at < FRESH && positions.watch !== null ? positions.last : null);
  const words = h("span", {}, "Use my position");
  const locate = button("", () => {
    const fix = live();
    if (fix) return take(fix, "gps");
    positions.start("place");
    return show();
  }, { shape: "pin", id: "locate" });
  locate.lastElementChild.replaceWith(words);
  const last = button("", () => take(state.fix, "last_known"), { kind: "small", shape: "clock", id: "last-known" });
  const map = button("On the map", () => onMap(), { kind: "small", shape: "map", id: "map-pick" });
  const copy = button("Copy", async () => {
    await navigator.clipboard?.writeText(input.value).catch(() => {});
    tell("Copied.");
  }, { kind: "small", shape: "file", "aria-label": "Copy the coordinates" });
  const show = () => {
    const fix = live();
    words.textContent = fix ? `Use my position (${accuracyWords(fix.accuracy)})` : positions.asked.has("place") ? "Looking for your position …" : "Use my position";
    locate.dataset.quality = fix ? accuracyWords(fix.accuracy).split(", ")[1] : "";
    if (positions.trouble && !fix && positions.asked.has("place")) tell(positions.trouble, "wrong");
    const old = !fix && state.fix;
    last.hidden = !old;
    if (old) last.lastElementChild.textContent = `Last known: ${lasting((Date.now() - old.at) / 1000)} ago, ${accuracyWords(old.accuracy)}`;
    copy.hidden = !input.value.trim();
  };

  const place = h("div", {});
  const onMap = async () => {
    if (place.firstChild) return place.replaceChildren();
    try {
      const { mapPanel } = await import("../later/map.js");
      const at = has() ? { lat: body.latitude, lon: body.longitude } : null;
      return place.append(mapPanel(state, { patrol, at, onpick: (found) => { place.replaceChildren(); take(found, "map"); } }));
    } catch {
      return tell("The map has not been fetched yet: open the app once with a network. Coordinates can be typed.");
    }
  };

  show();
  const timer = setInterval(show, 1000);
  positions.addEventListener("fix", show);
  positions.addEventListener("trouble", show);
  return {
    nodes: [field(label, input, "47.66, 9.17 · 47°39'36\"N 9°10'12\"E · 32T 512768 5278461 · 32TNT 12768 78461"), told, locate, h("div", { class: "row-actions" }, last, map, copy), place],
    valid: () => (body.typed ? input : null),
    end: () => {
      clearInterval(timer);
      positions.removeEventListener("fix", show);
      positions.removeEventListener("trouble", show);
      positions.stop("place");
    },
  };
}
