// The kinds of values a setting can have. Each schema takes the value itself or its text, so that environment, flags,
// stored JSON and RPC share one parser.

import { z } from "zod";

import { normaliseAddress } from "./address.ts";
import type { Setting, SettingFacts } from "./setting.ts";
import { setting } from "./setting.ts";

interface NumberFacts extends SettingFacts {
  readonly default: number;
  readonly minimum: number;
  /** What fits a timer, unless given. */
  readonly maximum?: number;
  readonly unit?: "ms" | "s" | "bytes";
}

/** The longest delay a timer of the platform can wait; also far above every sensible count or size limit below it. */
const LONGEST_DELAY_MS = 2_147_483_647;
const MAXIMUM = { ms: LONGEST_DELAY_MS, s: 2_147_483, bytes: Number.MAX_SAFE_INTEGER, count: LONGEST_DELAY_MS };

export function number(facts: NumberFacts): Setting<number> {
  const { default: standard, minimum, unit, maximum = MAXIMUM[unit ?? "count"] } = facts;
  const schema = z.preprocess(
    (value) => (typeof value === "string" && /^\s*\d+\s*$/.test(value) ? Number(value) : value),
    z.int().min(minimum).max(maximum),
  );
  const accepts = `a whole number from ${minimum} to ${maximum}`;
  return setting({ kind: "number", schema, default: standard, accepts, minimum, unit: unit ?? null }, facts);
}

const ON = new Set(["1", "true", "yes", "on"]);
const OFF = new Set(["0", "false", "no", "off"]);

function readSwitch(value: unknown): unknown {
  const word = typeof value === "number" || typeof value === "string" ? String(value).trim().toLowerCase() : null;
  if (word === null) return value;
  return ON.has(word) ? true : OFF.has(word) ? false : value;
}

export function toggle(facts: SettingFacts & { readonly default: boolean }): Setting<boolean> {
  const schema = z.preprocess(readSwitch, z.boolean());
  const accepts = "1, true, yes or on, or 0, false, no or off";
  return setting({ kind: "switch", schema, default: facts.default, accepts }, facts);
}

const line = z
  .string()
  .trim()
  .regex(/^\P{Cc}*$/u);

/** A text, trimmed; with the default null, empty text means "not set". */
export function text<T extends string | null>(facts: SettingFacts & { readonly default: T }): Setting<T | string> {
  const schema = facts.default === null ? orNull(line) : line.min(1);
  const accepts = facts.default === null ? "one line of text, empty to unset" : "one line of text";
  return setting({ kind: "text", schema: schema as z.ZodType<T | string>, default: facts.default, accepts }, facts);
}

interface ChoiceFacts<T extends string> extends SettingFacts {
  readonly default: NoInfer<T>;
  readonly choices: readonly T[];
  /** Other spellings of a choice, in lower case. */
  readonly aliases?: Readonly<Record<string, NoInfer<T>>>;
}

export function choice<const T extends string>(facts: ChoiceFacts<T>): Setting<T> {
  const { choices, aliases = {} } = facts;
  const schema = z.preprocess((value) => {
    if (typeof value !== "string") return value;
    const word = value.trim().toLowerCase();
    return aliases[word] ?? word;
  }, z.enum(choices));
  const accepts = `one of ${choices.join(", ")}`;
  return setting({ kind: "choice", schema, default: facts.default, accepts, choices }, facts);
}

/** `host:port`; scheme and path are dropped, a bare port means localhost. */
export function address(facts: SettingFacts & { readonly default: string }): Setting<string> {
  const schema = z.string().transform((value, context) => {
    const normalised = normaliseAddress(value);
    if (normalised !== null) return normalised;
    context.addIssue("not an address");
    return z.NEVER;
  });
  return setting({ kind: "address", schema, default: facts.default, accepts: "host:port, or a port alone" }, facts);
}

/** An absolute http or https address, kept as given apart from trailing slashes. */
export function url<T extends string | null>(facts: SettingFacts & { readonly default: T }): Setting<T | string> {
  const httpUrl = line.refine(isHttpUrl).transform((value) => value.replace(/\/+$/, ""));
  const schema = facts.default === null ? orNull(httpUrl) : httpUrl;
  const accepts = "an address beginning with http:// or https://";
  return setting({ kind: "url", schema: schema as z.ZodType<T | string>, default: facts.default, accepts }, facts);
}

function isHttpUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}

function orNull(schema: z.ZodType<string>): z.ZodType<string | null> {
  return z.preprocess((value) => (typeof value === "string" && value.trim() === "" ? null : value), schema.nullable());
}

interface ListFacts extends SettingFacts {
  readonly maximumItems: number;
  /** The only values that are taken; any line of text unless given. */
  readonly choices?: readonly string[];
}

/** Several values separated by comma, semicolon or newline; blanks around them and empty ones are dropped. */
export function list(facts: ListFacts): Setting<readonly string[]> {
  const { maximumItems, choices = [] } = facts;
  const item = choices.length === 0 ? line : z.enum(choices);
  const schema = z.preprocess((value) => {
    const items = typeof value === "string" ? value.split(/[,;\r\n]/) : value;
    return Array.isArray(items) ? items.map(trimmed).filter((item) => item !== "") : items;
  }, z.array(item).max(maximumItems));
  const which = choices.length === 0 ? "values" : `of ${choices.join(", ")},`;
  const accepts = `at most ${maximumItems} ${which} separated by comma, semicolon or newline`;
  return setting({ kind: "list", schema, default: [] as readonly string[], accepts, choices }, facts);
}

function trimmed(item: unknown): unknown {
  return typeof item === "string" ? item.trim() : item;
}

interface LinesFacts extends SettingFacts {
  readonly default: readonly string[];
  readonly maximumItems: number;
  readonly isItem: (line: string) => boolean;
  /** What an item looks like, completing "expected at most 10 …". */
  readonly form: string;
}

/** Several values, each a line of a form of its own; separated by semicolon or newline. */
export function lines(facts: LinesFacts): Setting<readonly string[]> {
  const { maximumItems, isItem, form } = facts;
  const schema = z.preprocess(
    (value) => {
      const items = typeof value === "string" ? value.split(/[;\r\n]/) : value;
      return Array.isArray(items) ? items.map(trimmed).filter((item) => item !== "") : items;
    },
    z.array(line.refine(isItem)).max(maximumItems),
  );
  const accepts = `at most ${maximumItems} ${form}, separated by semicolon or newline`;
  return setting({ kind: "lines", schema, default: facts.default, accepts }, facts);
}
