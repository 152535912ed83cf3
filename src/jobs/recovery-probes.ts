// Looks again at accounts that are held back, by reading their quota: right after the moment something should end, and on a slow
// ladder before it. It sends no model request, for that would spend quota; whether one may be let through is the pool's to say.

import type { Settings } from "../contract/settings/table.ts";
import type { Clock } from "../kit/clock.ts";
import type { AccountFacts, PoolAccount } from "../pool/account.ts";
import type { Job } from "./job.ts";
import type { UsagePollingDeps } from "./usage-polling.ts";

export interface RecoveryProbesDeps {
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly source: { list(): readonly PoolAccount[] };
  readonly usage: UsagePollingDeps["usage"];
}

const MINUTE_MS = 60_000;
/** Time between one look and the next while an account is held back. */
const ladderMs = [5, 10, 20, 40, 60].map((minutes) => minutes * MINUTE_MS);
/** An end longer ago is left to the usual polling. */
const memoryMs = 60 * MINUTE_MS;
/** Blocks that a look at the quota can say something about: of a used-up quota, and of a token that was not taken. */
const worthLooking: ReadonlySet<string> = new Set([
  "usage_limit_reached",
  "insufficient_quota",
  "usage_not_included",
  "token_invalidated",
  "access_denied",
]);

/** Of one account while it is held back: how often it was looked at, and when last (epoch ms). */
interface Watch {
  readonly looks: number;
  readonly at: number;
  /** Nothing held it back any more when it was seen last. */
  readonly wasOver: boolean;
}

export function recoveryProbes({ settings, clock, source, usage }: RecoveryProbesDeps): Job {
  let watches = new Map<string, Watch>();

  /** Those due now, the one that should be back the longest first. */
  function dueAccounts(now: number): string[] {
    const known = watches;
    watches = new Map();
    const due: { readonly id: string; readonly dueAt: number }[] = [];
    for (const { id, isEnabled, facts } of source.list()) {
      const held = isEnabled && facts.login.state === "ok" ? heldBack(facts, now) : null;
      if (held === null) continue;
      const watch = watchOf(known.get(id), held);
      watches.set(id, watch);
      const dueAt = nextLookAt(watch, held, facts);
      if (dueAt <= now) due.push({ id, dueAt });
    }
    due.sort((a, b) => a.dueAt - b.dueAt);
    return due.slice(0, settings().jobs.usageRefreshWorkers).map(({ id }) => id);
  }

  function note(id: string, now: number): void {
    const watch = watches.get(id);
    if (watch !== undefined) watches.set(id, { ...watch, looks: watch.looks + 1, at: now });
  }

  return {
    name: "recovery-probes",
    firstDelaySeconds: 45,
    isEnabled: () => settings().jobs.isRecoveryProbingEnabled,
    intervalSeconds: () => settings().jobs.recoveryProbeIntervalSeconds,
    jitterSeconds: () => 0,
    backoffMaxSeconds: () => 300,
    async run(signal) {
      const now = clock.now();
      const due = dueAccounts(now);
      if (due.length === 0) return "idle";
      for (const id of due) note(id, now);
      const { refreshed, failed } = await usage.refresh(due, signal);
      const [first] = failed;
      if (refreshed.length > 0 || first === undefined) return "done";
      return { failed: `None of ${failed.length} accounts held back could be looked at; the first: ${first.message}` };
    },
  };
}

/** Instants in epoch ms. */
interface Held {
  readonly since: number;
  /** The latest end that has passed; null while all are to come. */
  readonly endedAt: number | null;
  readonly isOver: boolean;
}

/** What holds an account back or has done so until just now; null when nothing does. */
function heldBack({ blocks, avoid, reading }: AccountFacts, now: number): Held | null {
  const spans: { readonly since: number; readonly until: number }[] = [];
  for (const block of blocks) if (block.model === null && worthLooking.has(block.code)) spans.push(block);
  if (avoid !== null) spans.push(avoid);
  for (const { usedPercent, resetsAt } of reading?.windows ?? []) {
    if (usedPercent >= 100 && resetsAt !== null) spans.push({ since: reading!.at, until: resetsAt });
  }
  const current = spans.filter(({ until }) => now - until < memoryMs);
  if (current.length === 0) return null;
  const ended = current.map(({ until }) => until).filter((until) => until <= now);
  return {
    since: Math.min(...current.map(({ since }) => since)),
    endedAt: ended.length === 0 ? null : Math.max(...ended),
    isOver: ended.length === current.length,
  };
}

/** What holds an account back anew after a time without begins the ladder anew. */
function watchOf(before: Watch | undefined, { since, isOver }: Held): Watch {
  if (before === undefined || (before.wasOver && !isOver)) return { looks: 0, at: since, wasOver: isOver };
  return before.wasOver === isOver ? before : { ...before, wasOver: isOver };
}

/** A look by anybody counts. Once everything is over one look is enough. */
function nextLookAt({ looks, at }: Watch, { endedAt, isOver }: Held, { reading }: AccountFacts): number {
  const seenAt = Math.max(at, reading?.at ?? 0);
  if (endedAt !== null && seenAt < endedAt) return endedAt;
  if (isOver) return Infinity;
  return seenAt + ladderMs[Math.min(looks, ladderMs.length - 1)]!;
}
