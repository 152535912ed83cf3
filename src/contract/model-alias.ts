// One line of the tables that give models other names: `pattern = model [effort] [tier]`. The pattern may hold `*`.

export interface ModelAlias {
  readonly pattern: string;
  /** A model's name, or `@strongest` and `@small` for the one that the catalogue has. */
  readonly model: string;
  readonly reasoningEffort: string | null;
  readonly serviceTier: string | null;
}

const EFFORTS: ReadonlySet<string> = new Set(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);
const TIERS: ReadonlySet<string> = new Set(["priority", "flex"]);
const NAME = /^[^\s=]{1,128}$/;
/** A model is one: no pattern, and no `@` word but these two. */
const MODEL = /^(?:@strongest|@small|[^\s=*@][^\s=*]{0,127})$/;

export const aliasForm =
  "lines such as `fast-* = gpt-5.5 low priority`: a name, =, a model (or @strongest or @small), and if wanted an effort and a tier";

/** Null when the line is not of that form. */
export function parseAlias(line: string): ModelAlias | null {
  const [pattern = "", rest = "", more] = line.split("=").map((part) => part.trim());
  const [model = "", ...words] = rest.split(/\s+/);
  if (more !== undefined || !NAME.test(pattern) || !MODEL.test(model)) return null;
  const reasoningEffort = words.find((word) => EFFORTS.has(word)) ?? null;
  const serviceTier = words.find((word) => TIERS.has(word)) ?? null;
  const known = [reasoningEffort, serviceTier].filter((word) => word !== null);
  return known.length === words.length ? { pattern, model, reasoningEffort, serviceTier } : null;
}
