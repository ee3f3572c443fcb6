// What an officer takes along: operations, patrols, types, powers, areas, instructions, as far as the officer might see them
// when they were fetched. The server decides anew at each contact; what it leaves out is gone here too.
// Instructions for when the basis falls away stay: each agency received its own copy of them (R24).

const byId = (rows) => new Map((rows ?? []).map((row) => [row.id, row]));

export class Kit {
  constructor(content, { etag = null, fetchedAt = null, withdrawn = null, lost = [] } = {}) {
    Object.assign(this, { content: content ?? {}, etag, fetchedAt, withdrawn, lost });
  }

  // Past its time it is shown to nobody, but the instructions are.
  isOver(now) {
    const until = Date.parse(this.content.until ?? "");
    return Boolean(this.withdrawn) || !Number.isFinite(until) || now > until;
  }

  list(name, now) {
    return this.isOver(now) && name !== "instructions" ? [] : this.content[name] ?? [];
  }

  operation(id, now) {
    return byId(this.list("operations", now)).get(id) ?? null;
  }

  patrol(id, now) {
    return byId(this.list("patrols", now)).get(id) ?? null;
  }

  types(operation, now) {
    const rows = this.list("observation_types", now);
    const own = rows.filter((row) => row.operation === operation);
    return own.length ? own : rows.filter((row) => !row.operation);
  }

  areas(operation, now) {
    const features = this.isOver(now) ? [] : this.content.areas?.features ?? [];
    return features.filter(({ properties }) => !properties?.operation || properties.operation === operation).map((each) => each.geometry);
  }

  cards(operation, now) {
    return this.list("powers", now).filter((card) => !card.operation || card.operation === operation);
  }

  // Of the own team, by whichever of its devices: the leg that runs, the crossing that is open, the timer.
  leg(patrol, now) {
    return this.list("legs", now).find((row) => row.patrol === patrol) ?? null;
  }

  crossing(patrol, now) {
    return this.list("crossings", now).find((row) => row.patrol === patrol) ?? null;
  }

  timer(patrol) {
    return (this.content.safety?.timers ?? []).find((row) => row.patrol === patrol) ?? null;
  }

  // Calls for help and missed check-ins of one's own: who acts on them.
  get calls() {
    return this.content.safety?.alarms ?? [];
  }

  instructions(operation) {
    return copied(this.content).filter((row) => row.operation === operation);
  }

  // Whether the basis of this operation has fallen away: it was there and is not now, or the server says so of an own one, which
  // its agency goes on seeing (R3).
  hasLost(operation) {
    return this.lost.includes(operation) || (this.content.operations ?? []).some((row) => row.id === operation && row.basis === false);
  }

  // Who will read an entry (R6): agencies by name, and whether it waits for a release first. Nobody but the own agency
  // unless the kit says so. `shown` goes along with the entry and the server never widens it; null: it is held.
  audience(operation, { kind = "observation", photographs = false, personal = false } = {}, now = Date.now()) {
    const agencies = this.operation(operation, now)?.shown?.[kind] ?? [];
    const waits = agencies.length > 0 && (photographs || personal);
    const articles = [...new Set(agencies.map((agency) => agency.article).filter(Boolean))];
    return { agencies, waits, basis: articles.join(", "), shown: waits || !agencies.length ? null : agencies.map((agency) => agency.id) };
  }
}

export function audienceWords({ agencies, waits, basis }, own = "your agency") {
  if (!agencies.length) return `Will be seen by ${own} only, until it is released.`;
  const names = agencies.map((agency) => agency.name).join(", ");
  if (waits) return `Will be seen by ${own} only. Waits for a release to ${names}.`;
  return `Will be seen by ${own} and ${names}${basis ? ` (${basis})` : ""}.`;
}

export async function load(locker) {
  const kept = await locker.get("kits", locker.officer);
  return kept ? new Kit(kept.content, kept) : null;
}

async function keep(locker, content, about) {
  await locker.put([{ table: "kits", key: locker.officer, value: { content, ...about } }]);
  return new Kit(content, about);
}

// What the contact changes: a new kit, the same kit, or none. Errors and silence change nothing.
export async function adopt(locker, { status, body, etag }, now) {
  const before = await load(locker);
  if (status === 200 && body) {
    const there = new Set((body.operations ?? []).map((row) => row.id));
    const gone = (before?.content.operations ?? []).map((row) => row.id).filter((id) => !there.has(id));
    const lost = [...new Set([...(before?.lost ?? []), ...gone])].filter((id) => !there.has(id));
    return keep(locker, { ...body, instructions: copies(body, before?.content, lost) }, { etag, fetchedAt: now, lost });
  }
  if (status === 304 && before) return keep(locker, before.content, { ...about(before), fetchedAt: now });
  if (status === 403 || status === 404) {
    if (!before) return null;
    const lost = [...new Set([...before.lost, ...(before.content.operations ?? []).map((row) => row.id)])];
    return keep(locker, { instructions: copied(before.content) }, { lost, withdrawn: now, fetchedAt: now });
  }
  return before;
}

// The instructions that come, and those of an operation that is gone: an own operation's stand in itself, and of a hidden one
// the server no longer says to which operation its copy belongs.
function copies(body, before, lost) {
  const earlier = byId(copied(before));
  const rows = copied(body).map((row) => ({ ...row, operation: row.operation ?? earlier.get(row.id)?.operation ?? null }));
  const held = byId(rows);
  return [...rows, ...[...earlier.values()].filter((row) => !held.has(row.id) && lost.includes(row.operation))];
}

function copied(content) {
  const own = (content?.operations ?? []).filter((row) => row.instructions);
  return [...(content?.instructions ?? []).filter((row) => !own.some((each) => each.id === row.id)), ...own.map((row) => ({ id: row.id, operation: row.id, text: row.instructions }))];
}

function about({ etag, fetchedAt, withdrawn, lost }) {
  return { etag, fetchedAt, withdrawn, lost };
}
