// Budgets of thinking tokens, which older APIs have in place of an effort.

/** Most tokens -> effort, the first that fits; more than all of them is `xhigh`. */
const LADDER: ReadonlyArray<readonly [number, string]> = [
  [0, "none"],
  [512, "minimal"],
  [1024, "low"],
  [8192, "medium"],
  [24_576, "high"],
];

/** The effort that spends about as much as the budget allows. */
export function effortForBudget(tokens: number): string {
  return LADDER.find(([most]) => tokens <= most)?.[1] ?? "xhigh";
}
