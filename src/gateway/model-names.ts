// Which model a name means. Pure: what the pool's accounts have is passed in.

import { fitsPattern } from "../kit/name-pattern.ts";
import type { ModelReason } from "../contract/reasons.ts";
import type { ModelAlias } from "../contract/model-alias.ts";

export interface KnownModels {
  readonly slugs: ReadonlySet<string>;
  /** Whether a provider names it as one of its own; none does unless given. */
  readonly isOfProvider?: (name: string) => boolean;
  readonly strongest: string;
  readonly small: string;
  /** The efforts that a model takes, where that is known. */
  readonly efforts: ReadonlyMap<string, readonly string[]>;
}

export interface ResolvedModel {
  readonly model: string;
  /** What the name lays down beside the model; null leaves the request's own. */
  readonly reasoningEffort: string | null;
  readonly serviceTier: string | null;
  /** The platform key says so, it is one, or by which rule it became one. */
  readonly reason: ModelReason;
  /** The name in a table that fits; null when it was no table. */
  readonly pattern: string | null;
}

export interface NameTables {
  readonly aliases: readonly ModelAlias[];
  readonly substitutes: readonly ModelAlias[];
}

/** Claude Code marks a name so when it wants the large context. */
const CONTEXT_MARK = /\[\d+[km]\]$/i;
/** `gpt-5.5-high`, `gpt-5.5:high` and `gpt-5.5(high)`. */
const EFFORT = /^(.+?)(?:[-:](none|minimal|low|medium|high|xhigh|max)|\((none|minimal|low|medium|high|xhigh|max)\))$/;
/** `gpt-5.5-2026-05-01` */
const DATE = /^(.+)-\d{4}-?\d{2}-?\d{2}$/;

/**
 * The user's own names come first, then the names that models really have, then those that only add an effort or a date to
 * one, then the table for names of others. A name that nothing fits stays as it is: the upstream may know it.
 */
export function resolveModel(name: string, tables: NameTables, known: KnownModels): ResolvedModel {
  const bare = name.replace(CONTEXT_MARK, "");
  return (
    byTable(bare, tables.aliases, known, "alias") ??
    byName(bare, known) ??
    byTable(bare, tables.substitutes, known, "substitute") ??
    plain(bare, "unknown")
  );
}

/** Codex means what it says: only the user's own names count. */
export function resolveNative(name: string, { aliases }: NameTables, known: KnownModels): ResolvedModel {
  return byTable(name, aliases, known, "alias") ?? plain(name, isKnown(name, known) ? "known" : "unknown");
}

function plain(model: string, reason: ModelReason): ResolvedModel {
  return { model, reasoningEffort: null, serviceTier: null, reason, pattern: null };
}

function isKnown(name: string, { slugs, isOfProvider }: KnownModels): boolean {
  return slugs.has(name) || isOfProvider?.(name) === true;
}

function byName(name: string, known: KnownModels): ResolvedModel | null {
  const { slugs } = known;
  if (slugs.has(name)) return plain(name, "known");
  const dated = DATE.exec(name)?.[1];
  if (dated !== undefined && slugs.has(dated)) return plain(dated, "known");
  const [, model = "", plainEffort, bracketed] = EFFORT.exec(name) ?? [];
  const effort = plainEffort ?? bracketed ?? null;
  if (slugs.has(model)) return { ...plain(model, "suffix"), reasoningEffort: effort };
  return isKnown(name, known) ? plain(name, "known") : null;
}

function byTable(
  name: string,
  table: readonly ModelAlias[],
  { strongest, small }: KnownModels,
  reason: ModelReason,
): ResolvedModel | null {
  const found =
    table.find(({ pattern }) => pattern === name) ?? table.find(({ pattern }) => fitsPattern(name, pattern));
  if (found === undefined) return null;
  const { model, reasoningEffort, serviceTier, pattern } = found;
  const target = model === "@strongest" ? strongest : model === "@small" ? small : model;
  return { model: target, reasoningEffort, serviceTier, reason, pattern };
}
