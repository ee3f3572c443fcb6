// The line of a leg while it is walked: each fix is kept at once, sealed, in pages of sixty, so that a dead battery costs one
// fix. What goes to the server is the line thinned to five metres.
import { length, thin, worthKeeping } from "./tracks.js";

export const PAGE = 60;
export const MOST = 12000; // points in one item, which may have 600,000 signs

const point = ({ lat, lon, at }) => [Number(lon.toFixed(6)), Number(lat.toFixed(6)), Math.round(at / 1000)];

// What was recorded from a sent point on. Of one that is not kept here any more, its time tells.
function since(lines, after) {
  if (!after) return lines;
  const is = (fix) => point(fix).every((part, index) => part === after[index]);
  const index = lines.findLastIndex((line) => line.some(is));
  if (index < 0) return lines.map((line) => line.filter((fix) => Math.round(fix.at / 1000) > after[2]));
  const [first, ...rest] = lines.slice(index);
  return [first.slice(first.findLastIndex(is)), ...rest];
}

export class Recorder {
  constructor(locker) {
    Object.assign(this, { locker, leg: null, page: 0, fixes: [], last: null, metres: 0, count: 0 });
  }

  #key(page = this.page) {
    return `${this.leg}/${String(page).padStart(6, "0")}`;
  }

  async #pages(leg) {
    return (await this.locker.all("fixes")).filter((page) => page.leg === leg).sort((a, b) => a.page - b.page);
  }

  // Goes on with a leg: after a reload, with what was kept of it.
  async begin(leg) {
    const pages = await this.#pages(leg);
    const fixes = pages.flatMap((page) => page.fixes);
    Object.assign(this, {
      leg, page: pages.at(-1)?.page ?? 0, fixes: pages.at(-1)?.fixes ?? [], last: fixes.at(-1) ?? null,
      metres: await this.length(leg), count: fixes.length,
    });
  }

  // Whether the fix was worth keeping. `broken`: a rest or a tunnel lies before it, so the distance does not count.
  async add(fix, { broken = false } = {}) {
    if (!this.leg || !worthKeeping(broken ? null : this.last, fix)) return false;
    const kept = { lat: fix.lat, lon: fix.lon, at: fix.at, accuracy: Math.round(fix.accuracy), ...(broken && this.last ? { broken: true } : {}) };
    if (this.last && !kept.broken) this.metres += length([this.last, kept]);
    if (this.fixes.length >= PAGE) {
      this.page += 1;
      this.fixes = [];
    }
    this.fixes.push(kept);
    this.last = kept;
    this.count += 1;
    await this.locker.put([{ table: "fixes", key: this.#key(), value: { leg: this.leg, page: this.page, fixes: this.fixes } }]);
    return true;
  }

  async lines(leg = this.leg) {
    const lines = [];
    for (const fix of (await this.#pages(leg)).flatMap((page) => page.fixes)) {
      if (fix.broken || !lines.length) lines.push([]);
      lines.at(-1).push(fix);
    }
    return lines;
  }

  async length(leg = this.leg) {
    return (await this.lines(leg)).reduce((sum, line) => sum + length(line), 0);
  }

  // The leg's line as the body of a `track` item: pieces of [longitude, latitude, Unix seconds], from the point `after` on,
  // which is told once more: the server joins by it. Too long a line is thinned further.
  async body(leg = this.leg, { tolerance = 5, after = null } = {}) {
    const lines = since(await this.lines(leg), after);
    for (let off = tolerance; ; off *= 2) {
      const pieces = lines.map((line) => thin(line, off)).filter((line) => line.length > 1);
      if (pieces.flat().length > MOST && off < 1000) continue;
      return pieces.length ? { joins: true, pieces: pieces.map((line) => line.map(point)) } : null;
    }
  }

  // Lines of legs of which no row is left here were received days ago.
  async tidy(legs) {
    const kept = new Set((await this.locker.all("fixes")).map((page) => page.leg));
    for (const leg of kept) if (leg !== this.leg && !legs.has(leg)) await this.forget(leg);
  }

  async forget(leg) {
    await this.locker.put((await this.#pages(leg)).map((page) => ({ table: "fixes", key: `${leg}/${String(page.page).padStart(6, "0")}` })));
  }
}
