// How a patrol stands by what this device has logged of it: the same words in the same order as the server will read them.
// A row that the server refused never happened. A crossing counts from its tap on, though its details are a draft still.

const MOVES = new Set(["patrol.start", "leg.start", "leg.pause", "leg.resume", "leg.end", "patrol.end", "crossing.enter", "crossing.leave", "check_in"]);
const of = (row) => row.wire ?? { ...row, happened_at: row.happenedAt };
const at = (row) => Date.parse(of(row).happened_at);

export function patrolOf(row) {
  return row.patrol ?? row.wire?.patrol ?? null;
}

export function replay(rows, patrol) {
  const state = { id: patrol, startedAt: null, endedAt: null, leg: null, legs: [], crossing: null, crossings: [], checkedAt: null, entries: 0 };
  for (const row of [...rows].sort((a, b) => a.order - b.order)) {
    if (patrolOf(row) !== patrol || row.state === "refused" || (row.state === "draft" && row.kind !== "crossing.enter")) continue;
    if (row.kind === "observation" && !of(row).body?.edits) state.entries += 1;
    if (MOVES.has(row.kind)) step(state, row);
  }
  return state;
}

function step(state, row) {
  const [when, wire] = [at(row), of(row)];
  switch (row.kind) {
    case "patrol.start": state.startedAt ??= when; break;
    case "leg.start":
      if (state.leg) close(state, when);
      state.leg = { id: row.leg ?? row.id, startedAt: when, endedAt: null, pausedAt: null, rested: 0, territory: wire.body.territory ?? "" };
      state.legs.push(state.leg);
      break;
    case "leg.pause": if (state.leg && !state.leg.pausedAt) state.leg.pausedAt = when; break;
    case "leg.resume": rest(state.leg, when); break;
    case "leg.end": if (state.leg) close(state, when); break;
    case "patrol.end":
      if (state.leg) close(state, when);
      state.endedAt = when;
      break;
    case "crossing.enter":
      state.crossing = { id: row.id, at: when, draft: row.state === "draft", then: row.limit ?? null, ...wire.body };
      state.crossings.push(state.crossing);
      break;
    case "crossing.leave":
      if (state.crossing) state.crossing.leftAt = when;
      state.crossing = null;
      break;
    case "check_in": state.checkedAt = when; break;
    // no default: MOVES names them all
  }
}

function rest(leg, when) {
  if (!leg?.pausedAt) return;
  leg.rested += Math.max(0, when - leg.pausedAt);
  leg.pausedAt = null;
}

function close(state, when) {
  rest(state.leg, when);
  state.leg.endedAt = when;
  state.leg = null;
}

// Milliseconds under way, without the rests.
export function underWay(leg, now) {
  if (!leg) return 0;
  const until = leg.endedAt ?? leg.pausedAt ?? now;
  return Math.max(0, until - leg.startedAt - leg.rested);
}

// Patrols that this device started, or whose leg it runs, and did not end: newest first.
export function running(rows) {
  const ids = [...new Set(rows.filter((row) => MOVES.has(row.kind)).map(patrolOf).filter(Boolean))];
  return ids.map((id) => replay(rows, id)).filter((state) => (state.startedAt || state.leg) && !state.endedAt)
    .sort((a, b) => (b.startedAt ?? b.leg.startedAt) - (a.startedAt ?? a.leg.startedAt));
}

// What was logged of a patrol, newest first, without photographs: those are counted with their entry.
export function journal(rows, patrol) {
  return rows.filter((row) => row.kind !== "photo" && row.kind !== "track" && patrolOf(row) === patrol).sort((a, b) => b.order - a.order);
}
