// When to try again: at once on opening, on coming back to the page or the network; else after 5 s, doubled up to 5 min,
// somewhere between half and whole of it, so that two hundred devices do not come back at the same second.
export const FIRST = 5000;
export const LONGEST = 300000;

export function wait(failures, random = Math.random) {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (random() * full) / 2);
}
