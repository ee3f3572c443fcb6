// The check-in timer: how often the team says that it is well, and when it is due. A colleague's check-in counts for the team.
import { patrolOf } from "./patrols.js";

export const INTERVALS = [0, 15, 30, 60, 120]; // minutes; 0: nobody waits for one

// {minutes, lastAt, dueAt}: of the newest check-in, here or by the kit's word of the team's ({every, last_at, next_at}).
export function timerOf(rows, patrol, team = null) {
  const usual = team?.every ?? 0;
  let [lastAt, minutes] = [null, usual];
  for (const row of rows) {
    if (row.kind !== "check_in" || row.state === "refused" || row.state === "draft" || patrolOf(row) !== patrol) continue;
    const at = Date.parse(row.wire.happened_at);
    if (lastAt === null || at >= lastAt) [lastAt, minutes] = [at, row.wire.body.next_minutes ?? usual];
  }
  const [theirs, next] = [team?.last_at, team?.next_at].map((at) => Date.parse(at ?? ""));
  const newer = Number.isFinite(theirs) ? lastAt === null || theirs > lastAt : lastAt === null;
  if (newer && Number.isFinite(next)) return { lastAt: Number.isFinite(theirs) ? theirs : null, minutes: usual || Math.round((next - theirs) / 60000) || 0, dueAt: next };
  if (newer && Number.isFinite(theirs)) return { lastAt: theirs, minutes: usual, dueAt: null };
  return { lastAt, minutes, dueAt: minutes && lastAt !== null ? lastAt + minutes * 60000 : null };
}
