// Instants as the contract writes them, and as people read them. A device's clock may be wrong: nothing here trusts it
// beyond writing down what it said.

const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");

// 2026-11-26T10:00:00.000+01:00: the device's own time with its offset. `offset` in minutes east of UTC.
export function withOffset(milliseconds, offset = -new Date(milliseconds).getTimezoneOffset()) {
  const local = new Date(milliseconds + offset * 60000).toISOString().slice(0, -1);
  return `${local}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}

// 14:32Z, from an instant that the server gave.
export function zulu(instant) {
  const at = new Date(instant);
  return Number.isNaN(at.valueOf()) ? "" : `${at.toISOString().slice(11, 16)}Z`;
}

// 14:32 on the device's clock, then UTC.
export function clock(instant) {
  const at = new Date(instant);
  return Number.isNaN(at.valueOf()) ? "" : `${two(at.getHours())}:${two(at.getMinutes())} (${zulu(instant)})`;
}

// 3 h 05 min, 12 min, 40 s.
export function lasting(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

// Server minus device, in seconds: what the server said, else worked out from its time and the middle of the question.
export function drift(answer, sentAt, answeredAt) {
  if (Number.isFinite(answer?.drift_seconds)) return answer.drift_seconds;
  const at = Date.parse(answer?.received_at ?? "");
  return Number.isFinite(at) ? (at - (sentAt + answeredAt) / 2) / 1000 : null;
}

export const DRIFT_WORTH_SAYING = 60;

export function driftWords(seconds) {
  if (seconds === null || seconds === undefined || Math.abs(seconds) < DRIFT_WORTH_SAYING) return "";
  return `This device’s clock is ${lasting(Math.abs(seconds))} ${seconds > 0 ? "slow" : "fast"}. Both times are kept.`;
}

// Always, for whoever wants to know: "3 s slow", "right to the second".
export function offBy(seconds) {
  if (!Number.isFinite(seconds)) return "not compared yet";
  const whole = Math.round(Math.abs(seconds));
  return whole ? `${lasting(whole)} ${seconds > 0 ? "slow" : "fast"}` : "right to the second";
}
