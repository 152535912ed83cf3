// What a provider answered to one small request, in whichever format it speaks: the text, the tokens, or how it failed. Pure.

import type { ProviderFormat } from "../../contract/provider.ts";
import { asList, asNumber, asObject, asText, type JsonObject, parseJson } from "../../kit/json-value.ts";
import { failureOfEvent } from "../../wire/event-failure.ts";
import type { InternalEvent, InternalRequest } from "../../wire/internal.ts";
import { formatNamed } from "../../wire/upstream-formats.ts";

export type ReadAnswer =
  | {
      readonly kind: "answer";
      readonly text: string;
      readonly tokens: { readonly input: number; readonly output: number } | null;
    }
  | { readonly kind: "failure"; readonly code: string; readonly message: string }
  | { readonly kind: "unreadable" };

interface AnswerBytes {
  readonly format: ProviderFormat;
  readonly request: InternalRequest;
  readonly body: Buffer;
  /** Epoch ms. */
  readonly now: number;
}

const TERMINALS: ReadonlySet<string> = new Set(["response.completed", "response.incomplete", "response.done"]);

/** Servers that do not stream answer with the whole object, whatever they were asked. */
export function readAnswer(bytes: AnswerBytes): ReadAnswer {
  const { format, request, body, now } = bytes;
  const upstream = formatNamed(format);
  const terms = { request, answerId: "resp_test", now };
  const text = body.toString("utf8");
  const object = asObject(parseJson(text.trim()));
  if (object !== null) {
    return answerOf(upstream === null ? object : upstream.answer(object, terms));
  }
  const told = eventsIn(text);
  const reader = upstream?.reader(terms) ?? null;
  const events =
    reader === null
      ? told.flatMap(({ data }) => (asObject(parseJson(data)) as InternalEvent | null) ?? [])
      : [...told.flatMap(({ name, data }) => reader.read(name, data)), ...reader.end()];
  return ofEvents(events);
}

function ofEvents(events: readonly InternalEvent[]): ReadAnswer {
  for (const event of events) {
    const failure = failureOfEvent(event);
    if (failure !== null) return { kind: "failure", code: failure.code, message: failure.message };
  }
  const last = events.find(({ type }) => TERMINALS.has(type));
  return last === undefined ? { kind: "unreadable" } : answerOf(asObject(last["response"]) ?? {});
}

function answerOf(answer: JsonObject): ReadAnswer {
  const error = asObject(answer["error"]);
  if (error !== null) {
    return { kind: "failure", code: asText(error["code"]) ?? "", message: asText(error["message"]) ?? "" };
  }
  if (!Array.isArray(answer["output"])) return { kind: "unreadable" };
  return { kind: "answer", text: textOf(answer), tokens: tokensOf(answer["usage"]) };
}

function textOf(answer: JsonObject): string {
  const items = asList(answer["output"]).map((item) => asObject(item) ?? {});
  const parts = items.flatMap((item) => asList(item["content"])).map((part) => asObject(part) ?? {});
  return parts.flatMap((part) => (part["type"] === "output_text" ? (asText(part["text"]) ?? []) : [])).join("");
}

function tokensOf(value: unknown): { readonly input: number; readonly output: number } | null {
  const usage = asObject(value);
  const input = asNumber(usage?.["input_tokens"]);
  const output = asNumber(usage?.["output_tokens"]);
  return input === null || output === null ? null : { input, output };
}

/** The events of a whole stream: the name, if there is one, and the data. */
function eventsIn(text: string): { readonly name: string | null; readonly data: string }[] {
  return text.split(/\r?\n\r?\n/).flatMap((block) => {
    const lines = block.split(/\r?\n/);
    const fields = (name: string) =>
      lines.flatMap((line) => (line.startsWith(`${name}:`) ? line.slice(name.length + 1).replace(/^ /, "") : []));
    const data = fields("data").join("\n");
    return data === "" ? [] : [{ name: fields("event")[0] ?? null, data }];
  });
}
