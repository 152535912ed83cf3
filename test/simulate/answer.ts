// What the simulated upstream answers to one request, decided at the moment it arrives: a script of head, bytes and end.

import { mixed, type Random, randomFrom } from "./random.ts";
import type { Attempt, Meaning } from "./record.ts";
import { answerEvents, event, failedEvent, limitsEvent } from "./sse.ts";
import { PLAIN_MODEL, type UpstreamAccount } from "./upstream-account.ts";
import type { World } from "./world.ts";

export type ScriptLine =
  | { readonly afterMs: number; readonly say: "head"; readonly status: number; readonly headers: Headers }
  | { readonly afterMs: number; readonly say: "bytes"; readonly bytes: Buffer; readonly isTorn: boolean }
  | { readonly afterMs: number; readonly say: "end" | "error" | "nothing" };

export interface Script {
  readonly meaning: Meaning;
  readonly resetsAt: number | null;
  readonly lines: readonly ScriptLine[];
}

type Headers = Readonly<Record<string, string>>;

export interface Question {
  readonly attempt: Attempt;
  readonly world: World;
  /** True time. */
  readonly now: number;
  /** The request's body as it was sent. */
  readonly body: string;
  /** What the gateway asks without a client has no wishes. */
  readonly wish: { readonly pieces: number; readonly cost: number; readonly isTooLong: boolean };
  readonly dice: number;
}

const SEALED = /enc\.([a-z]\d+)\.\d+\./g;

export function answerTo(question: Question): Script {
  const { world, attempt, now, dice } = question;
  const random = randomFrom(mixed(dice, attempt.id));
  const account = world.accounts.get(attempt.account);
  const isOnHost = (what: "unreachable" | "silence" | "server_error" | "challenge") =>
    world.suffers(what, attempt.account, now, true);
  if (isOnHost("unreachable")) return { ...trouble("host"), lines: [{ afterMs: random.between(1, 80), say: "error" }] };
  if (isOnHost("silence")) return { meaning: { kind: "silence" }, resetsAt: null, lines: [] };
  if (isOnHost("server_error")) return serverError(random);
  if (isOnHost("challenge")) {
    const page = answer(403, "<html>Just a moment…</html>", {
      "content-type": "text/html",
      "cf-mitigated": "challenge",
    });
    return { meaning: { kind: "account", code: "challenge" }, resetsAt: null, lines: page };
  }
  if (account === undefined || !account.accepts(attempt.token, now)) {
    return { meaning: { kind: "token" }, resetsAt: null, lines: refusal(401, "token_invalidated") };
  }
  return refusalOf(account, question, random) ?? service(account, question, random);
}

/** What the account itself has against the request; null when it serves. */
function refusalOf(account: UpstreamAccount, { world, now, body, wish }: Question, random: Random): Script | null {
  const { name } = account;
  const because = (meaning: Meaning, lines: readonly ScriptLine[]): Script => ({ meaning, resetsAt: null, lines });
  if (account.isClosed) return because({ kind: "account", code: "closed" }, refusal(403, "account_deactivated"));
  if (world.suffers("denied", name, now, true)) {
    return because({ kind: "account", code: "denied" }, answer(403, JSON.stringify({ detail: "Forbidden" })));
  }
  const model = /"model":"([^"]+)"/.exec(body)?.[1] ?? PLAIN_MODEL;
  if (!account.has(model)) {
    const detail = `The '${model}' model is not supported when using Codex with a ChatGPT account.`;
    return because({ kind: "account", code: "model" }, answer(400, JSON.stringify({ detail })));
  }
  if ([...body.matchAll(SEALED)].some(([, owner]) => owner !== name)) {
    return because({ kind: "sealed" }, refusal(400, "invalid_encrypted_content"));
  }
  const previous = /"previous_response_id":"resp_([a-z]\d+)_/.exec(body)?.[1];
  if (previous !== undefined && previous !== name) {
    return because({ kind: "request" }, refusal(400, "previous_response_not_found"));
  }
  if (world.suffers("burst", name, now, true)) return burst(random);
  const spentUntil = account.spentUntil(now);
  if (spentUntil !== null) return quota(spentUntil, now, random);
  if (world.suffers("overload", name, now, true)) return overload(random);
  return wish.isTooLong ? because({ kind: "request" }, refusal(400, "context_length_exceeded")) : null;
}

function trouble(code: "host" | "overload" | "truncated"): Pick<Script, "meaning" | "resetsAt"> {
  return { meaning: { kind: "trouble", code }, resetsAt: null };
}

function serverError(random: Random): Script {
  const lines = random.pick([
    () => answer(500, "oops", { "content-type": "text/plain" }),
    () => answer(502, "<html>bad gateway</html>", { "content-type": "text/html" }),
    () => refusal(503, "server_error"),
  ])();
  return { ...trouble("host"), lines };
}

function burst(random: Random): Script {
  const seconds = random.between(1, 20);
  const lines = random.pick([
    () => answer(429, JSON.stringify({ error: { code: "rate_limit_exceeded", message: "Slow down." } })),
    () => answer(429, JSON.stringify({ detail: "Too many requests" }), { "retry-after": String(seconds) }),
    () => streamOf([failedEvent({ code: "rate_limit_exceeded", message: `Please try again in ${seconds}s.` })]),
  ])();
  return { meaning: { kind: "account", code: "burst" }, resetsAt: null, lines };
}

function quota(spentUntil: number, now: number, random: Random): Script {
  const seconds = Math.max(1, Math.ceil((spentUntil - now) / 1000));
  const told = { resets_at: Math.ceil(now / 1000) + seconds, resets_in_seconds: seconds };
  const isTold = random.chance(0.8);
  const error = { type: "usage_limit_reached", message: "The usage limit has been reached", ...(isTold ? told : {}) };
  const lines = random.pick([
    () => answer(429, JSON.stringify({ error })),
    () => answer(400, JSON.stringify({ error })),
    () => streamOf([failedEvent({ ...error, code: "usage_limit_reached" })]),
  ])();
  const resetsAt = isTold ? told.resets_at * 1000 : null;
  return { meaning: { kind: "account", code: "quota" }, resetsAt, lines };
}

function overload(random: Random): Script {
  const lines = random.pick([
    () => refusal(503, "server_is_overloaded"),
    () => streamOf([failedEvent({ code: "server_is_overloaded", message: "Overloaded." })]),
    () => answer(400, JSON.stringify({ detail: "Selected model is at capacity. Please try a different model." })),
  ])();
  return { ...trouble("overload"), lines };
}

/** The account serves; even so the answer may be slow, break off, or fail after it has begun. */
function service(account: UpstreamAccount, question: Question, random: Random): Script {
  const { world, now, wish, attempt } = question;
  const { name } = account;
  account.spend(wish.cost, now);
  const firstMs = world.suffers("slow", name, now, true) ? random.between(5_000, 90_000) : random.between(20, 1_500);
  const events = answerEvents(attempt.id, name, { pieces: wish.pieces, model: PLAIN_MODEL });
  if (random.chance(0.3)) events.splice(1, 0, limitsEvent(account.plan, account.quota(now)));
  const head: ScriptLine = { afterMs: firstMs, say: "head", status: 200, headers: served(account, now) };
  const gap = () => (!world.isHealed && random.chance(0.05) ? random.between(5_000, 40_000) : random.between(1, 400));
  const spoken = (bytes: Buffer): ScriptLine => ({ afterMs: gap(), say: "bytes", bytes, isTorn: false });
  if (world.suffers("truncated", name, now, true)) {
    const kept = random.between(0, events.length - 1);
    const torn = random.chance(0.5) ? [(events[kept] as Buffer).subarray(0, random.between(1, 40))] : [];
    const lines = [
      ...events.slice(0, kept).map(spoken),
      ...torn.map((bytes) => ({ ...spoken(bytes), isTorn: true }) as ScriptLine),
    ];
    const isSilent = kept <= 1;
    return {
      ...(isSilent ? trouble("truncated") : { meaning: { kind: "half_served" }, resetsAt: null }),
      lines: [head, ...lines, { afterMs: gap(), say: random.pick(["end", "error", "error", "nothing"]) }],
    };
  }
  if (world.suffers("late_refusal", name, now, true)) return lateRefusal(account, { head, events, spoken, now });
  return {
    meaning: { kind: "served" },
    resetsAt: null,
    lines: [head, ...events.map(spoken), { afterMs: 1, say: "end" }],
  };
}

/** The quota runs out in the middle of an answer. */
function lateRefusal(
  account: UpstreamAccount,
  {
    head,
    events,
    spoken,
    now,
  }: { head: ScriptLine; events: readonly Buffer[]; spoken: (bytes: Buffer) => ScriptLine; now: number },
): Script {
  account.useUp();
  const seconds = Math.max(1, Math.ceil(((account.spentUntil(now) ?? now) - now) / 1000));
  const resetsAt = Math.ceil(now / 1000) + seconds;
  const error = { code: "usage_limit_reached", message: "The usage limit has been reached", resets_at: resetsAt };
  const begun = events.slice(0, -2).map(spoken);
  const lines = [head, ...begun, spoken(failedEvent(error)), { afterMs: 1, say: "end" } as const];
  return { meaning: { kind: "half_served" }, resetsAt: resetsAt * 1000, lines };
}

function answer(status: number, body: string, more: Headers = {}): ScriptLine[] {
  const headers = { "content-type": "application/json", ...more };
  return [
    { afterMs: 40, say: "head", status, headers },
    { afterMs: 1, say: "bytes", bytes: Buffer.from(body), isTorn: false },
    { afterMs: 1, say: "end" },
  ];
}

function refusal(status: number, code: string): ScriptLine[] {
  return answer(status, JSON.stringify({ error: { code, type: code, message: `refused: ${code}` } }));
}

/** A refusal inside a stream that began well. */
function streamOf(events: readonly Buffer[]): ScriptLine[] {
  const opening = event("response.created", { response: { status: "in_progress" } });
  return [
    { afterMs: 60, say: "head", status: 200, headers: { "content-type": "text/event-stream" } },
    ...[opening, ...events].map((bytes) => ({ afterMs: 5, say: "bytes", bytes, isTorn: false }) as const),
    { afterMs: 1, say: "end" },
  ];
}

function served(account: UpstreamAccount, now: number): Headers {
  const [primary, secondary] = account.quota(now);
  const headers: Record<string, string> = { "content-type": "text/event-stream", "x-codex-plan-type": account.plan };
  for (const [slot, window] of [
    ["primary", primary],
    ["secondary", secondary],
  ] as const) {
    if (window === undefined) continue;
    headers[`x-codex-${slot}-used-percent`] = String(window.used);
    headers[`x-codex-${slot}-window-minutes`] = String(window.minutes);
    headers[`x-codex-${slot}-reset-at`] = String(Math.ceil(window.resetsAt / 1000));
  }
  return headers;
}
