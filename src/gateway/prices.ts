// What a request would have cost at list prices: a dated table, over which a user may lay prices of their own. What a model
// without a price costs is unknown, not nothing.

import { z } from "zod";
import type { TokenUsage } from "../wire/protocol.ts";
import list from "./price-list.json" with { type: "json" };

const amount = z.number().min(0).max(1_000_000);

const rates = z.object({ input: amount, cachedInput: amount.optional(), output: amount });

const price = rates.extend({
  /** For requests with more input than this, and then for all their tokens. */
  long: rates.extend({ above: z.int().min(1) }).optional(),
  /** Factors by service tier, in place of the general ones. */
  tiers: z.record(z.string(), amount).optional(),
});

const ownPrices = z.record(z.string().trim().min(1).max(200), price);

/** USD per million tokens; cached input costs as much as other input unless it says otherwise. */
export type Price = z.output<typeof price>;

/** By the beginning of the names of models. */
export type PriceTable = Readonly<Record<string, Price>>;

export interface Prices {
  /** In whole micro-USD; null when tokens or price are unknown. `serviceTier` as the client asked for it. */
  costMicroUsd(model: string | null, usage: TokenUsage | null, serviceTier?: string | null): number | null;
  readonly items: readonly { readonly model: string; readonly isOwn: boolean; readonly price: Price }[];
}

export const pricesAsOf = list.asOf;
const builtIn: PriceTable = list.models;
/** Faster and slower service costs so many times as much. */
const tiers: Readonly<Record<string, number>> = list.tiers;

/** Reads the user's prices: `{"gpt-6": {"input": 2, "cachedInput": 0.1, "output": 10}}`. */
export function parsePrices(
  text: string,
): { readonly ok: true; readonly prices: PriceTable } | { readonly ok: false; readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = ownPrices.safeParse(json);
  if (parsed.success) return { ok: true, prices: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    problem: `${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "not a table of prices"}`,
  };
}

/** Own prices come before the built-in ones of the same name. */
export function createPrices(own: PriceTable): Prices {
  const all = new Map(
    [...Object.entries(builtIn), ...Object.entries(own)].map(([model, each]) => [model.toLowerCase(), each]),
  );
  const longestFirst = [...all].sort(([a], [b]) => b.length - a.length);
  const found = new Map<string, Price | null>();

  function priceOf(model: string): Price | null {
    const known = found.get(model);
    if (known !== undefined) return known;
    const name = model.slice(model.lastIndexOf("/") + 1).toLowerCase();
    const price = longestFirst.find(([prefix]) => isNamed(name, prefix))?.[1] ?? null;
    if (found.size < mostNames) found.set(model, price);
    return price;
  }

  const ownNames = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  return {
    items: [...all].map(([model, each]) => ({ model, isOwn: ownNames.has(model), price: each })),
    costMicroUsd(model, usage, serviceTier = null) {
      const price = model === null ? null : priceOf(model);
      return price === null || usage === null ? null : costOf(price, usage, serviceTier);
    },
  };
}

/** Clients may send any name; only so many are remembered. */
const mostNames = 1_000;

/** A version is another model (`gpt-5` and `gpt-5.9`), a suffix is not (`gpt-5-2025-08-07`). */
function isNamed(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && (name.length === prefix.length || name[prefix.length] === "-");
}

function costOf(price: Price, { input, cachedInput, output }: TokenUsage, serviceTier: string | null): number | null {
  if (input === null || output === null) return null;
  const rate = price.long !== undefined && input > price.long.above ? price.long : price;
  const cached = Math.min(cachedInput ?? 0, input);
  const cost = (input - cached) * rate.input + cached * (rate.cachedInput ?? rate.input) + output * rate.output;
  return Math.round(cost * factorOf(price, serviceTier));
}

function factorOf(price: Price, serviceTier: string | null): number {
  const known = price.tiers ?? tiers;
  return serviceTier !== null && Object.hasOwn(known, serviceTier) ? known[serviceTier]! : 1;
}

export const builtInPrices = createPrices({});
