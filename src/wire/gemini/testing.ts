// Builders for the tests of this format.

import { parseJson } from "../../kit/json-value.ts";
import type { Translation } from "../translation.ts";
import { translateGemini } from "./request.ts";

export const PATH = "/v1beta/models/gpt-5.5:streamGenerateContent";
export const OWNER = "ann";
export const terms = { model: "gpt-5.5", owner: OWNER, now: 1_795_779_517_000 };

export const HELLO = { contents: [{ role: "user", parts: [{ text: "hello" }] }] };

export function translate(body: unknown, path = PATH) {
  return translateGemini(Buffer.from(JSON.stringify(body)), { path, query: "?alt=sse" });
}

/** Of a request that can be translated. */
export function translated(body: unknown, path = PATH): Translation {
  const result = translate(body, path);
  if (!result.ok) throw new Error(result.fault.message);
  return result.translation;
}

export function requestOf(body: object) {
  return translated(body).request;
}

/** The field and the message of a request that is refused. */
export function faultOf(body: object) {
  const result = translate(body);
  return result.ok ? null : result.fault;
}

/** The objects of a stream, which must hold nothing but them. */
export function chunksOf(text: string): readonly Chunk[] {
  const events = text.split("\n\n");
  if (events.pop() !== "") throw new Error("The stream does not end with an empty line.");
  return events.map((event) => {
    const json = /^data: (.*)$/.exec(event)?.[1];
    if (json === undefined) throw new Error(`No event of this format: ${event}`);
    return parseJson(json) as Chunk;
  });
}

export interface Chunk {
  readonly candidates: ReadonlyArray<{
    readonly content: { readonly role: string; readonly parts: ReadonlyArray<Readonly<Record<string, unknown>>> };
    readonly finishReason?: string;
    readonly groundingMetadata?: unknown;
  }>;
  readonly usageMetadata?: unknown;
  readonly modelVersion: string;
  readonly responseId?: string;
}

export function partsOf(chunks: readonly Chunk[]) {
  return chunks.flatMap(({ candidates }) => candidates.flatMap(({ content }) => content.parts));
}
