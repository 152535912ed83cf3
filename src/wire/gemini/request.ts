// A generateContent or countTokens request in the internal form.
// Facts: ai.google.dev/api/generate-content and …/api/tokens; what Gemini CLI 0.61 sends was observed.

import { findMember, scanMembers, valueOf } from "../../kit/json-scan.ts";
import { asObject, asText, type JsonObject, parseJson } from "../../kit/json-value.ts";
import type { InternalRequest, Item } from "../internal.ts";
import type { RequestFields, RequestTarget } from "../protocol.ts";
import { ToolNames } from "../tool-names.ts";
import { FaultyRequest, type Translated, translating } from "../translation.ts";
import { Contents, lastSealOwner } from "./contents.ts";
import { fieldsOf } from "./fields.ts";
import { type Generation, generationOf } from "./generation.ts";
import { geminiReply } from "./reply.ts";
import { GeminiStream } from "./stream.ts";
import { callOf, isCount, isStreamed, modelOf } from "./target.ts";
import { effortOf } from "./thinking.ts";
import { choiceOf, type OfferedTools, offeredTools } from "./tools.ts";

/** Read here. The model stands in the path, whatever the body says. */
const READ: ReadonlySet<string> = new Set(
  (
    "model contents systemInstruction tools toolConfig generationConfig cachedContent labels " +
    // Nothing is ever stored.
    "serviceTier store"
  ).split(" "),
);

export function readGeminiFields(body: Buffer, target: RequestTarget): RequestFields {
  const members = scanMembers(body);
  const read = (name: string, snake: string) =>
    valueOf(body, findMember(members, name) ?? findMember(members, snake)) ?? undefined;
  const generation = fieldsOf(read("generationConfig", "generation_config"));
  return {
    model: modelOf(target),
    isStream: isStreamed(target),
    reasoningEffort: effortOf(fieldsOf(generation?.["thinkingConfig"])) ?? null,
    serviceTier: serviceTierOf(read("serviceTier", "service_tier")) ?? null,
    conversation: null,
  };
}

export function translateGemini(body: Buffer, target: RequestTarget): Translated {
  return translating(() => {
    refuseOtherCalls(target);
    const whole = asObject(parseJson(body));
    if (whole === null) throw new FaultyRequest("", "The request body must be a JSON object.");
    const request = fieldsOf(isCount(target) ? countedRequest(whole) : whole) ?? {};
    const names = new ToolNames();
    const sealOwner = lastSealOwner(request["contents"]);
    const contents = new Contents({ names, sealOwner, isCount: isCount(target) });
    const generation = generationOf(request["generationConfig"]);
    const tools = offeredTools(request["tools"], names);
    const form = { names, ...generation.form };
    return {
      request: internalRequest({ request, target, contents, generation, tools, names }),
      sealOwner,
      dropped: [
        ...Object.keys(request).filter((key) => !READ.has(key)),
        ...generation.dropped,
        ...tools.dropped,
        ...contents.dropped,
      ],
      stream: (terms) => new GeminiStream(form, terms),
      reply: (answer, terms) => geminiReply(answer, form, terms),
    };
  });
}

const SERVED = ["generateContent", "streamGenerateContent", "countTokens"];

function refuseOtherCalls(target: RequestTarget): void {
  const call = callOf(target);
  if (SERVED.includes(call)) return;
  throw new FaultyRequest("", `\`${call}\` is not served here: there are ${SERVED.join(", ")}.`, "not_found");
}

/** Tokens may be asked for of bare contents or of a whole request. */
function countedRequest(whole: JsonObject): unknown {
  return fieldsOf(whole)?.["generateContentRequest"] ?? whole;
}

interface Parts {
  readonly request: JsonObject;
  readonly target: RequestTarget;
  readonly contents: Contents;
  readonly generation: Generation;
  readonly tools: OfferedTools;
  readonly names: ToolNames;
}

function internalRequest({ request, target, contents, generation, tools, names }: Parts): InternalRequest {
  if (request["cachedContent"] !== undefined) {
    throw new FaultyRequest(
      "cachedContent",
      "`cachedContent` names something kept at Google, which is not asked here: send the contents themselves.",
    );
  }
  const fields = {
    model: modelOf(target) ?? undefined,
    instructions: contents.instructions(request["systemInstruction"]),
    input: [...generation.preface, ...contents.items(request["contents"])] as readonly Item[],
    tools: tools.tools.length === 0 ? undefined : tools.tools,
    tool_choice: tools.hasFunctions ? choiceOf(request["toolConfig"], names) : undefined,
    metadata: request["labels"],
    service_tier: serviceTierOf(request["serviceTier"]),
    ...generation.fields,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as typeof fields;
}

function serviceTierOf(value: unknown): string | undefined {
  return asText(value)
    ?.toLowerCase()
    .replace(/^service_tier_/, "");
}
