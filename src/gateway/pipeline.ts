// The way of every request: seven stages, each a file of its own. Read it as the table of contents of the gateway.
//
// Up to the fifth stage nothing has reached the client, so any failure can still be absorbed by another account. The
// step from the fifth to the sixth is the one commit point: from there on nothing is retried.

import type { Failure } from "../contract/failure.ts";
import { WithoutModelHeaders } from "../wire/responses/model-headers.ts";
import { ForeignStream } from "../wire/responses/stream.ts";
import type { StreamFilter } from "../wire/stream-filter.ts";
import { TranslatedStream } from "../wire/translated-stream.ts";
import { admit } from "./admit.ts";
import { attempt, type Committed } from "./attempt.ts";
import type { Call } from "./call.ts";
import { gatewayFailure, isFailure, overdue } from "./failures.ts";
import { fold } from "./fold.ts";
import type { Draft } from "./kept/kept-responses.ts";
import type { GatewayParts } from "./parts.ts";
import { plan } from "./plan.ts";
import { WithoutUsageChunk } from "./providers/usage-chunks.ts";
import { receive } from "./receive.ts";
import { recognise } from "./recognise.ts";
import { refuse } from "./refuse.ts";
import { relay } from "./relay.ts";
import type { Route, Target } from "./routes.ts";
import { type Outcome, settle } from "./settle.ts";

const NOTHING = Buffer.alloc(0);

export async function serve(call: Call, target: Target, route: Route, parts: GatewayParts): Promise<void> {
  let outcome: Outcome;
  try {
    outcome = await throughStages(call, target, route, parts);
  } catch (error) {
    parts.reportBug(error, call.traceId);
    outcome = {
      call,
      committed: null,
      failure: gatewayFailure("internal_error", "The gateway made a mistake; its log says which."),
    };
  }
  if (call.isOverdue && outcome.failure !== null) outcome = { ...outcome, failure: overdue };
  if (outcome.failure !== null) refuse(call, route.protocol, outcome.failure, parts.clock.now());
  settle(outcome, parts);
}

async function throughStages(call: Call, target: Target, route: Route, parts: GatewayParts): Promise<Outcome> {
  const received = await receive({ call, target, route, maxBytes: parts.maxBodyBytes });
  if (isFailure(received)) return refused(call, received);
  parts.trace.body(call.traceId, received.body.text);

  const recognised = recognise(received);

  const admitted = await admit(recognised, parts);
  if (isFailure(admitted)) return refused(call, admitted);

  const planned = await plan(admitted, parts.planParts());
  if (isFailure(planned)) return refused(call, planned);

  const committed = await attempt(planned, parts.attemptParts());
  if (isFailure(committed)) return refused(call, committed);
  const draft = commit(committed, parts);

  const failure = await handOn(committed, parts, (answer) => draft?.finish(answer));
  draft?.close();
  return { call, committed, failure };
}

/** Native clients get the stream as it is, but for the name of a model they did not ask for; other clients the stream or the object they asked for. */
function handOn(
  committed: Committed,
  parts: GatewayParts,
  onAnswer: (answer: Buffer) => void,
): Promise<Failure | null> {
  const { isNative, fields, exchange, translation, model } = committed;
  const { reader } = exchange;
  const relayParts = parts.relayParts();
  if (reader?.isPassedOn) return relay(committed, relayParts, reader.hidesUsage ? new WithoutUsageChunk() : null);
  const isOtherModel = exchange.isEventStream && model !== fields.model;
  if (isNative && isOtherModel) return relay(committed, relayParts, new WithoutModelHeaders());
  if (isNative || (!exchange.isEventStream && translation === null)) return relay(committed, relayParts, null);
  return fields.isStream
    ? relay(committed, relayParts, filterFor(committed, onAnswer))
    : fold(committed, relayParts, onAnswer);
}

function filterFor({ translation, route, answerTerms }: Committed, onAnswer: (answer: Buffer) => void): StreamFilter {
  if (translation === null) return new ForeignStream(onAnswer);
  return new TranslatedStream(translation.stream(answerTerms), (failure) => route.protocol.failureEvent(failure));
}

function refused(call: Call, failure: Failure): Outcome {
  return { call, committed: null, failure };
}

/** From here on the conversation is on this account, and the body is not needed again but for what is kept of it. */
function commit(committed: Committed, { bindings, kept, clock }: GatewayParts): Draft | null {
  const { conversation, accountId, stillSent, body } = committed;
  const draft = kept.begin(committed);
  if (conversation !== null) bindings.bind(conversation, { accountId, leftBehind: stillSent }, clock.now());
  body.sent = body.text = NOTHING;
  body.client = null;
  return draft;
}
