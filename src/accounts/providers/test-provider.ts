// Tests a provider with one key, saved or not: reads its list of models, sends one tiny request in its format, and says what that
// proves. Nothing is repeated, and nothing is learnt about the account.

import type { Dispatcher } from "undici";
import type { Provider } from "../../contract/provider.ts";
import type { ProviderTestReport, TestOutcome } from "../../contract/provider-test.ts";
import type { Clock } from "../../kit/clock.ts";
import { parseJson } from "../../kit/json-value.ts";
import { withoutSecrets } from "../../kit/redact.ts";
import { askProvider, type ProviderCall, type ProviderReply } from "../../upstream/ask-provider.ts";
import { kinds } from "../../upstream/kinds.ts";
import type { InternalRequest } from "../../wire/internal.ts";
import { formatNamed } from "../../wire/upstream-formats.ts";
import { readAnswer } from "./read-answer.ts";
import { testModel } from "./test-model.ts";
import { outcomeOfFailure, outcomeOfReply } from "./test-outcome.ts";

export interface ProviderTestOptions {
  readonly clock: Clock;
  readonly userAgent: string;
  readonly dispatcherFor: (provider: Provider, accountId: string) => Dispatcher;
}

export interface ProviderTrial {
  readonly provider: Provider;
  readonly apiKey: string;
  /** Chooses the proxy; that of a draft is made up. */
  readonly accountId: string;
  /** The model to try; null for one that is known to be there. */
  readonly model: string | null;
}

const LIST_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 45_000;
const LONGEST_ANSWER = 200;
const MOST_MODELS = 1000;

/** Sixteen tokens are the least that the Responses API takes. */
const tinyRequest = {
  instructions: "Answer as briefly as you can.",
  input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Say ok" }] }],
  max_output_tokens: 16,
} satisfies Omit<InternalRequest, "model">;

export type TestProvider = (trial: ProviderTrial) => Promise<ProviderTestReport>;

export function createProviderTest({ clock, userAgent, dispatcherFor }: ProviderTestOptions): TestProvider {
  return async ({ provider, apiKey, accountId, model: wanted }) => {
    const call = { dispatcher: dispatcherFor(provider, accountId), provider, apiKey, userAgent };
    const list = await readModels(call);
    if (list.end !== null) return list.end;
    const model = testModel({ provider, wanted, listed: list.models });
    const known = { ...list.report, models: list.models, model };
    if (model === null) return { ...known, outcome: "no_model" };
    return askOnce(call, { known, model, clock });
  };
}

type Called = Omit<ProviderCall, "path" | "timeoutMs">;

interface ListRead {
  readonly report: ProviderTestReport;
  readonly models: readonly string[] | null;
  /** Set when there is no use in going on. */
  readonly end: ProviderTestReport | null;
}

/** The names of the models; null when the answer is no such list. */
export async function listModels(call: Called): Promise<{ reply: ProviderReply; models: readonly string[] | null }> {
  const { provider } = call;
  const kind = kinds[provider.kind];
  const reply = await askProvider({ ...call, path: kind.modelsPath(provider), timeoutMs: LIST_TIMEOUT_MS });
  if (!reply.ok || reply.status !== 200) return { reply, models: null };
  const names = kind.modelsIn(parseJson(reply.body));
  return { reply, models: names.length === 0 ? null : names.slice(0, MOST_MODELS) };
}

async function readModels(call: Called): Promise<ListRead> {
  const { provider } = call;
  const path = kinds[provider.kind].modelsPath(provider);
  const { reply, models } = await listModels(call);
  const report: ProviderTestReport = { ...nothingYet, address: addressOf(provider, path), isReached: reply.ok };
  if (!reply.ok) return { report, models, end: { ...report, ...unanswered(reply) } };
  if (reply.status !== 401) return { report, models, end: null };
  return { report, models, end: { ...report, ...refused(provider, reply), isKeyAccepted: false } };
}

interface Attempt {
  readonly known: ProviderTestReport;
  readonly model: string;
  readonly clock: Clock;
}

async function askOnce(call: Called, { known, model, clock }: Attempt): Promise<ProviderTestReport> {
  const { provider } = call;
  const request: InternalRequest = { model, ...tinyRequest };
  const { path, body } = formatNamed(provider.format)?.request(request) ?? {
    path: "/responses",
    body: { ...request, stream: true, store: false },
  };
  const whole = kinds[provider.kind].pathOf(provider, path, model);
  const startedAt = clock.now();
  const reply = await askProvider({ ...call, path: whole, body, timeoutMs: REQUEST_TIMEOUT_MS });
  const asked = { ...known, address: addressOf(provider, whole), latencyMs: clock.now() - startedAt };
  if (!reply.ok) return { ...asked, ...unanswered(reply) };
  if (reply.status !== 200 || reply.contentType.includes("html")) return { ...asked, ...refused(provider, reply) };
  const read = readAnswer({ format: provider.format, request, body: reply.body, now: clock.now() });
  if (read.kind === "unreadable") return { ...asked, isReached: true, outcome: "unreadable" };
  if (read.kind === "failure") {
    return { ...asked, isReached: true, outcome: outcomeOfFailure(read.code), detail: told(read.message) };
  }
  const answer = withoutSecrets(read.text).slice(0, LONGEST_ANSWER);
  return { ...asked, outcome: "works", isReached: true, isKeyAccepted: true, answer, tokens: read.tokens };
}

function unanswered({ phase, reason }: Extract<ProviderReply, { ok: false }>): Partial<ProviderTestReport> & {
  outcome: TestOutcome;
} {
  return { outcome: phase === "wait" ? "timed_out" : "unreachable", detail: told(reason) };
}

function refused(provider: Provider, reply: Extract<ProviderReply, { ok: true }>) {
  const { outcome, message } = outcomeOfReply(formatNamed(provider.format), reply);
  const isKeyAccepted = KEY_PROOF[outcome] ?? null;
  return { outcome, detail: told(message), isReached: true, isKeyAccepted };
}

/** What a refusal says about the key. */
const KEY_PROOF: Readonly<Partial<Record<TestOutcome, boolean>>> = {
  key_refused: false,
  access_refused: true,
  no_credit: true,
  rate_limited: true,
};

const nothingYet: ProviderTestReport = {
  outcome: "unreachable",
  detail: null,
  address: "",
  model: null,
  isReached: false,
  isKeyAccepted: null,
  models: null,
  answer: null,
  latencyMs: null,
  tokens: null,
};

function addressOf({ baseUrl }: Provider, path: string): string {
  return new URL(path, baseUrl).href;
}

function told(message: string): string | null {
  return withoutSecrets(message).slice(0, 500).trim() || null;
}
