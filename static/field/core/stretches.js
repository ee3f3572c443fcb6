// The track while its leg runs: what was recorded since the last stretch goes as an item of its own, so that a lost device
// loses a minute and the desk sees the way. The server joins stretches by their times; each begins with the fix with which the
// last one ended. Without a network none is cut: what was not sent goes as one at the next rest, or the end.
import { distance } from "./tracks.js";

export const EVERY = 60000;
export const STANDING = 300000; // between two stretches of a team that stands still
const MOVED = 50; // metres

// What became of the leg's stretches: the last point that the server has, or will have; whether one is on its way, and
// whether the server took all of them as they were.
export function sentOf(rows, leg) {
  const stretches = rows.filter((row) => row.kind === "track" && row.leg === leg && row.wire).sort((a, b) => a.order - b.order);
  const point = stretches.filter((row) => row.state !== "refused").at(-1)?.wire.body.pieces?.at(-1)?.at(-1) ?? null;
  return {
    point, waits: stretches.some((row) => row.state === "waiting"),
    plain: stretches.every((row) => row.state === "waiting" || row.state === "received"),
    done: stretches.filter((row) => row.state === "received").slice(0, -1).map((row) => row.id),
  };
}

// Whether it is time: each minute under way, each five where nobody moves. Where one waits still, or a person must look at
// one, the rest is not cut small.
export function isDue({ point, waits, plain }, { startedAt, last }) {
  if (waits || !plain || !last) return false;
  const age = last.at - (point ? point[2] * 1000 : startedAt);
  if (age < EVERY) return false;
  return age >= STANDING || !point || distance({ lat: point[1], lon: point[0] }, last) >= MOVED;
}

// Puts forward what was recorded since the last stretch; null where that is no line yet.
export async function put(outbox, recorder, { patrol, leg }) {
  const sent = sentOf(await outbox.rows(), leg);
  const body = await recorder.body(leg, { after: sent.point });
  const row = body && (await outbox.add("track", { patrol, leg, body }));
  await outbox.forget(sent.done);
  return row;
}
