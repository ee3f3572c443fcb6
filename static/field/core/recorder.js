// The line of a leg while it is walked: each fix is kept at once, sealed, in pages of sixty, so that a dead battery costs one
// fix. What goes to the server is the line thinned to five metres, in pieces, each an item with its own receipt.
import { length, thin, worthKeeping } from "./tracks.js";

export const PAGE = 60;
export const PIECE = 600; // fixes in one item

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

  // The leg's line as bodies of `track` items: {part, parts, lines: [[[lon, lat, seconds, accuracy] …] …], points, length_m}.
  async pieces(leg = this.leg, tolerance = 5) {
    const lines = (await this.lines(leg)).map((line) => thin(line, tolerance));
    const pieces = [[]];
    let room = PIECE;
    for (const line of lines) {
      for (let start = 0; start < line.length; start += 1) {
        if (!room) {
          pieces.push([]);
          room = PIECE;
        }
        const part = line.slice(start, start + room);
        pieces.at(-1).push(part.map(({ lat, lon, at, accuracy }) => [Number(lon.toFixed(7)), Number(lat.toFixed(7)), at / 1000, accuracy]));
        room -= part.length;
        start += part.length - 1;
      }
    }
    const whole = { points: lines.flat().length, length_m: Math.round(await this.length(leg)) };
    return pieces.filter((piece) => piece.length).map((piece, index, all) => ({ part: index + 1, parts: all.length, lines: piece, ...whole }));
  }

  async forget(leg) {
    await this.locker.put((await this.#pages(leg)).map((page) => ({ table: "fixes", key: `${leg}/${String(page.page).padStart(6, "0")}` })));
  }
}
