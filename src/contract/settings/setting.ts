// One setting: what it accepts, where it may come from and how it is described. The builders for each kind of value are in
// kinds.ts, the settings themselves under areas/. Reading the environment is not done here.

import type { z } from "zod";

/** One sentence in both languages of the documentation. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

export type SettingKind = "number" | "switch" | "text" | "choice" | "address" | "url" | "list" | "lines";

export interface Setting<T> {
  readonly kind: SettingKind;
  /** Accepts the value itself or its text as typed in an environment variable, and yields the normalised value. */
  readonly schema: z.ZodType<T>;
  readonly default: T;
  /** What is accepted, completing the sentence "expected …". */
  readonly accepts: string;
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[];
  /** A variable whose mere presence, whatever its value, turns the switch off. */
  readonly offSwitch: string | null;
  readonly minimum: number | null;
  readonly unit: "ms" | "s" | "bytes" | null;
  readonly choices: readonly string[];
  readonly level: "basic" | "advanced";
  /** Whether a change takes effect at once or at the next start. */
  readonly applies: "hot" | "restart";
  /** False: only flags and the environment can set it, because it is needed before the database or directs credentials. */
  readonly isStorable: boolean;
  /** Never shown in warnings, lists or `--json`. */
  readonly isSecret: boolean;
  readonly description: Words;
  /** `active`, or why the setting is accepted without doing anything. */
  readonly effect: "active" | { readonly none: Words };
}

/** What every entry of the table says beside its kind; everything optional has the common answer as its default. */
export interface SettingFacts {
  readonly env?: string | readonly string[];
  readonly offSwitch?: string;
  readonly level?: "basic" | "advanced";
  readonly applies?: "hot" | "restart";
  readonly isStorable?: boolean;
  readonly isSecret?: boolean;
  readonly en: string;
  readonly zh: string;
  readonly none?: Words;
}

type Kind<T> = Pick<Setting<T>, "kind" | "schema" | "default" | "accepts"> &
  Partial<Pick<Setting<T>, "minimum" | "unit" | "choices">>;

/** Completes an entry: the kind's own part and the facts of the entry. */
export function setting<T>(kind: Kind<T>, facts: SettingFacts): Setting<T> {
  return {
    minimum: null,
    unit: null,
    choices: [],
    ...kind,
    env: typeof facts.env === "string" ? [facts.env] : (facts.env ?? []),
    offSwitch: facts.offSwitch ?? null,
    level: facts.level ?? "advanced",
    applies: facts.applies ?? "restart",
    isStorable: facts.isStorable ?? true,
    isSecret: facts.isSecret ?? false,
    description: { en: facts.en, zh: facts.zh },
    effect: facts.none ? { none: facts.none } : "active",
  };
}
