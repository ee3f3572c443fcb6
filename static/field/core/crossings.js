// The crossing log: what the treaty allows on the other side, and how much of it is left. The numbers come from the
// powers card in the kit (metres and seconds), else from the operation. No number, no countdown: that is said, not guessed.
import { distance } from "./tracks.js";

// The four bases of the log, and the occasion of the powers card that each is.
export const BASES = {
  joint_patrol: { label: "Joint patrol", occasion: "joint_patrol" },
  pursuit: { label: "Hot pursuit", occasion: "pursuit" },
  observation: { label: "Surveillance", occasion: "observation" },
  assistance: { label: "Assistance", occasion: "assistance" },
  emergency: { label: "Emergency", occasion: "emergency" },
};

function least(values) {
  const found = values.filter((value) => Number.isFinite(value));
  return found.length ? Math.min(...found) : null;
}

// {known, permitted, distance_m, depth_m, seconds, terms, articles} of a basis for officers of `actor` in `host`.
export function limits(cards, { actor, host, basis }, operation = null) {
  const occasion = BASES[basis]?.occasion ?? basis;
  const sections = cards.flatMap((card) => card.pairs ?? []).filter((pair) => pair.actor === actor && pair.host === host)
    .flatMap((pair) => pair.occasions ?? []).filter((each) => each.occasion === occasion);
  if (!sections.length) {
    const own = operation?.limits?.[basis] ?? operation?.limits ?? {};
    const numbers = { distance_m: own.distance_m ?? null, depth_m: own.depth_m ?? null, seconds: own.seconds ?? null };
    return { known: false, permitted: null, ...numbers, terms: [], articles: [] };
  }
  // What opens the occasion, as far as it is permitted. Where several do, the tightest number is the safe one to show.
  const opening = sections.flatMap((section) => section.opening ?? []).filter((line) => line.answer !== "no");
  return {
    known: true,
    permitted: sections.some((section) => section.permitted),
    distance_m: least(opening.map((line) => line.distance_m)),
    depth_m: least(opening.map((line) => line.depth_m)),
    seconds: least(opening.map((line) => line.seconds)),
    terms: [...new Set(opening.flatMap((line) => line.terms ?? []))],
    articles: [...new Set(opening.flatMap((line) => (line.articles ?? []).map((each) => `${each.article}, ${each.short_name}`)))],
  };
}

// What the server says of a stay that is under way, line by line: {limits_now, permitted}.
export function told(stay) {
  const lines = (stay.limits_now ?? stay.limits ?? []).filter((line) => line.answer !== "no");
  return {
    known: true, permitted: stay.permitted ?? lines.length > 0, terms: [...new Set(lines.flatMap((line) => line.terms ?? []))], articles: [...new Set(lines.flatMap((line) => line.articles ?? []))],
    ...Object.fromEntries(["distance_m", "depth_m", "seconds"].map((name) => [name, least(lines.map((line) => line[name]))])),
  };
}

// After the basis has fallen away: whatever was ruled, nothing permits it now (R24).
export const FALLEN = { known: true, permitted: false, fallen: true, distance_m: null, depth_m: null, seconds: null, terms: [], articles: [] };

const NUMBERS = ["permitted", "distance_m", "depth_m", "seconds"];

// Whether the rule of now is another one than that of then.
export const differs = (then, now) => Boolean(then) && NUMBERS.some((name) => (then[name] ?? null) !== (now[name] ?? null));

export const TIGHT = 0.2; // of a limit: from there on it is said loudly

// What is left at `now`, at `place`: {seconds, metres, state: "open" | "tight" | "over" | "unlimited" | "unknown"}.
// The distance is as the crow flies from where the border was crossed: on the road it is longer, so this errs late, not
// early, and the page says so.
export function left(limit, crossing, now, place = null) {
  if (limit.permitted === false) return { state: "over", seconds: null, metres: null, fallen: Boolean(limit.fallen) };
  const seconds = limit.seconds === null ? null : limit.seconds - (now - crossing.at) / 1000;
  const farthest = least([limit.distance_m, limit.depth_m]);
  const from = Number.isFinite(crossing.latitude) ? { lat: crossing.latitude, lon: crossing.longitude } : null;
  const metres = farthest === null || !place || !from ? null : farthest - distance(from, place);
  const shares = [];
  if (seconds !== null) shares.push(seconds / limit.seconds);
  if (metres !== null) shares.push((metres - (place.accuracy ?? 0)) / farthest);
  if (limit.seconds === null && farthest === null) return { state: limit.known ? "unlimited" : "unknown", seconds, metres };
  if (!shares.length) return { state: "open", seconds, metres };
  const share = Math.min(...shares);
  return { state: share <= 0 ? "over" : share <= TIGHT ? "tight" : "open", seconds, metres };
}
