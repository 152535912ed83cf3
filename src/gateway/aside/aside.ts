// What the gateway answers by itself, without asking an account. Each is one row of a table; all of them want a
// platform key.

import type { Failure } from "../../contract/failure.ts";
import { protocols } from "../../wire/protocols.ts";
import { responses } from "../../wire/responses/index.ts";
import { findKey } from "../admit.ts";
import type { Call } from "../call.ts";
import { gatewayFailure, isFailure } from "../failures.ts";
import type { AdmittedKey } from "../ports.ts";
import type { GatewayParts } from "../parts.ts";
import { refuse } from "../refuse.ts";
import type { Target } from "../routes.ts";
import { settle } from "../settle.ts";
import { codexAccountAsides } from "./codex-account.ts";
import { keptResponseAsides } from "./kept-response.ts";
import { unservedAsides } from "./unserved.ts";

export interface Aside {
  /** What the whole path has to match; its groups are `words`. */
  readonly path: RegExp;
  /** As logs and metrics name it, so that ids in a path do not make names without end. */
  readonly name: string;
  /** Null for every method. */
  readonly methods: readonly string[] | null;
  answer(asked: Asked): Promise<object | Failure> | object | Failure;
}

export interface Asked {
  readonly call: Call;
  readonly key: AdmittedKey;
  /** The groups of the path, decoded. */
  readonly words: readonly string[];
  readonly query: URLSearchParams;
  readonly parts: Pick<GatewayParts, "roster" | "kept" | "clock">;
}

const asides: readonly Aside[] = [...keptResponseAsides, ...codexAccountAsides, ...unservedAsides];

/** False when there is nothing at that path. */
export async function serveAside(call: Call, target: Target, parts: GatewayParts): Promise<boolean> {
  const matching = asides.filter(({ path }) => path.test(target.path));
  const [first] = matching;
  if (first === undefined) return false;
  parts.metrics.requestStarted();
  call.record.path = first.name;
  const method = call.request.method ?? "GET";
  const aside = matching.find(({ methods }) => methods?.includes(method) ?? true);
  const answer =
    aside === undefined
      ? gatewayFailure("method_not_allowed", `${target.path} takes ${methodsOf(matching)}, not ${method}.`)
      : await answerOf(aside, { call, target, parts });
  const failure = isFailure(answer) ? answer : null;
  if (failure !== null) refuse(call, callersProtocol(call), failure, parts.clock.now());
  else answerJson(call, answer);
  settle({ call, committed: null, failure }, parts);
  return true;
}

async function answerOf(
  aside: Aside,
  { call, target, parts }: { call: Call; target: Target; parts: GatewayParts },
): Promise<object | Failure> {
  const key = findKey(target.key, call.request.headers, parts.keys);
  if (isFailure(key)) return key;
  call.record.keyId = key.id;
  const words = (aside.path.exec(target.path) ?? []).slice(1);
  try {
    return await aside.answer({ call, key, words, query: new URLSearchParams(target.query), parts });
  } catch (error) {
    parts.reportBug(error, call.traceId);
    return gatewayFailure("internal_error", "The gateway made a mistake; its log says which.");
  }
}

function methodsOf(matching: readonly Aside[]): string {
  return matching.flatMap(({ methods }) => methods ?? []).join(" or ");
}

/** Some paths are the same in several formats; Anthropic's clients always say their version. */
function callersProtocol({ request }: Call) {
  const isAnthropic = request.headers["anthropic-version"] !== undefined;
  return (isAnthropic && protocols.find(({ name }) => name === "messages")) || responses;
}

function answerJson({ response, traceId }: Call, value: object): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": body.length,
    "x-codexmanager-trace-id": traceId,
  });
  response.end(body);
}
