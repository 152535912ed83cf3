// A Chat Completions request in the internal form.

import { asObject, type JsonObject } from "../../kit/json-value.ts";
import { findMember, scanMembers, stringOf } from "../../kit/json-scan.ts";
import type { InternalRequest } from "../internal.ts";
import type { RequestFields } from "../protocol.ts";
import { readRequestFields } from "../responses/request.ts";
import { FaultyRequest } from "../translation.ts";
import { itemsOfMessages, lostOfMessages } from "./messages.ts";
import { leftOut, parametersOf } from "./parameters.ts";
import { itemsOfInput } from "./responses-input.ts";
import { toolChoice } from "./tool-choice.ts";
import { type DeclaredTools, offeredTools } from "./tools.ts";

/** What the request says about the form of its answer. */
export interface AnswerForm {
  readonly declared: DeclaredTools;
  /** Whether a stream is to end with a count of tokens. */
  readonly hasUsage: boolean;
  readonly hasLogprobs: boolean;
}

export interface ReadRequest {
  readonly request: InternalRequest;
  readonly form: AnswerForm;
  /** Fields that are lost. */
  readonly dropped: readonly string[];
}

/** Most fields that routing needs are called the same in both APIs. */
export function readChatFields(body: Buffer): RequestFields {
  const fields = readRequestFields(body);
  const effort = stringOf(body, findMember(scanMembers(body), "reasoning_effort"));
  return { ...fields, reasoningEffort: effort ?? fields.reasoningEffort };
}

export function readRequest(body: JsonObject): ReadRequest {
  const { tools, declared } = offeredTools(body);
  const choice = toolChoice(body, declared.names);
  const isParallel = parallelCalls(body, tools, declared);
  const request = {
    ...parametersOf(body, declared.names),
    input: inputOf(body, declared),
    ...(tools === undefined ? {} : { tools }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(isParallel === undefined ? {} : { parallel_tool_calls: isParallel }),
  };
  const hasUsage = asObject(body["stream_options"])?.["include_usage"] === true;
  return {
    request,
    form: { declared, hasUsage, hasLogprobs: body["logprobs"] === true },
    dropped: [...leftOut(body), ...lostOfMessages(body["messages"])],
  };
}

function inputOf(body: JsonObject, declared: DeclaredTools): InternalRequest["input"] {
  const input = body["input"] ?? undefined;
  if (input === undefined) return itemsOfMessages(body["messages"], declared);
  if ((body["messages"] ?? null) === null) return itemsOfInput(input, declared);
  throw new FaultyRequest("input", "Send either `messages` or `input`, not both.");
}

/** As the client says, where there are tools at all; the legacy form has room for one call only. */
function parallelCalls(body: JsonObject, tools: readonly JsonObject[] = [], { isLegacy }: DeclaredTools): unknown {
  if (tools.length === 0) return undefined;
  return isLegacy ? false : (body["parallel_tool_calls"] ?? undefined);
}
