// An effort in words that a model takes. Clients of other vendors have more of them, and fewer.

const LADDER = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** The effort itself when the model takes it, else the next lower one it takes, else its lowest. */
export function fittingEffort(effort: string, taken: readonly string[]): string {
  const place = LADDER.indexOf(effort);
  if (place < 0 || taken.length === 0 || taken.includes(effort)) return effort;
  const known = LADDER.filter((step) => taken.includes(step));
  return known.findLast((step) => LADDER.indexOf(step) < place) ?? known[0] ?? effort;
}
