// The conversation so far, as items of the internal form.
// Facts: ai.google.dev/api/caching#Content and …/gemini-api/docs/thought-signatures: a signature stands on the part that
// came after the thinking it seals. Gemini CLI 0.61 sends the picture that a function shows right behind its response.

import { asList, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import { unpackSeal } from "../reasoning-seal.ts";
import type { ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";
import { CallPairs, type Side } from "./call-pairs.ts";
import { fieldsOf } from "./fields.ts";
import { functionOutput, isMedia, type Output, withMedia } from "./function-output.ts";
import { type ReadPart, readPart, shownParts, textOf, unknownPart } from "./parts.ts";

const ROLES: ReadonlyMap<string, "user" | "assistant"> = new Map([
  ["user", "user"],
  ["model", "assistant"],
  ["function", "user"],
  ["tool", "user"],
]);

interface ContentsTerms {
  readonly names: ToolNames;
  readonly sealOwner: string | null;
  /** Tokens may be asked for of a piece of a conversation, whose calls and answers stand alone. */
  readonly isCount: boolean;
}

export class Contents {
  readonly #terms: ContentsTerms;
  readonly #pairs = new CallPairs();
  readonly #items: Item[] = [];
  readonly #dropped = new Set<string>();
  #role: "user" | "assistant" = "user";
  #parts: JsonObject[] = [];
  /** The output that came last, as long as nothing else was said. */
  #output: { type: string; call_id: string; output: Output } | null = null;

  constructor(terms: ContentsTerms) {
    this.#terms = terms;
  }

  /** What of the parts has no counterpart. */
  get dropped(): readonly string[] {
    return [...this.#dropped];
  }

  instructions(value: unknown): string {
    if (typeof value === "string") return value;
    const place = "systemInstruction";
    const texts = partsOf(value, place).map((value, at) => {
      const { kind, fields } = readPart(value, `${place}.parts[${at}]`);
      if (kind !== null && kind !== "text") throw unknownPart(kind, `${place}.parts[${at}]`);
      return kind === null ? "" : textOf(fields["text"], `${place}.parts[${at}]`);
    });
    return texts.filter((text) => text !== "").join("\n\n");
  }

  items(value: unknown): readonly Item[] {
    const contents = contentsOf(value);
    if (contents.length === 0 && !this.#terms.isCount) {
      throw new FaultyRequest("contents", "`contents` must be a list of at least one content.");
    }
    for (const [at, content] of contents.entries()) this.#content(content, `contents[${at}]`);
    if (!this.#terms.isCount) this.#pairs.requireAnswers();
    return this.#items;
  }

  #content(value: unknown, place: string): void {
    const role = ROLES.get(asText(fieldsOf(value)?.["role"]) ?? "user");
    if (role === undefined) {
      throw new FaultyRequest(`${place}.role`, `\`${place}.role\` must be one of: ${[...ROLES.keys()].join(", ")}.`);
    }
    this.#role = role;
    for (const [at, entry] of partsOf(value, place).entries()) {
      const part = readPart(entry, `${place}.parts[${at}]`);
      this.#seal(part);
      const isThought = part.fields["thought"] === true && part.kind !== "functionCall";
      if (!isThought) this.#part(part, `${place}.parts[${at}]`);
    }
    this.#flush();
    this.#output = null;
    // Thinking that led to nothing is refused upstream.
    while (this.#items.at(-1)?.["type"] === "reasoning") this.#items.pop();
  }

  /** Only what the conversation's own account has sealed; thoughts themselves are no text of the conversation. */
  #seal({ fields }: ReadPart): void {
    const seal = unpackSeal(fields["thoughtSignature"]);
    if (seal === null || seal.owner !== this.#terms.sealOwner) return;
    this.#flush();
    this.#items.push({ type: "reasoning", summary: [], encrypted_content: seal.ciphertext });
  }

  #part(part: ReadPart, place: string): void {
    for (const key of part.dropped) this.#dropped.add(`contents.parts.${key}`);
    if (part.kind === "functionCall") this.#call(fieldsOf(part.fields["functionCall"]) ?? {}, `${place}.functionCall`);
    else if (part.kind === "functionResponse") {
      this.#answer(fieldsOf(part.fields["functionResponse"]) ?? {}, `${place}.functionResponse`);
    } else if (this.#role === "user") this.#show(shownParts(part, place));
    else this.#say(spokenText(part, place));
  }

  #show(shown: readonly JsonObject[]): void {
    if (this.#output !== null && shown.every(isMedia)) {
      this.#output.output = withMedia(this.#output.output, shown);
      return;
    }
    this.#output = null;
    this.#parts.push(...shown);
  }

  #say(text: string): void {
    if (text !== "") this.#parts.push({ type: "output_text", text });
  }

  #call(call: JsonObject, place: string): void {
    const side = sideOf(call, place);
    this.#flush();
    this.#items.push({
      type: "function_call",
      call_id: this.#pairs.call(side),
      name: this.#terms.names.shorten(side.name),
      arguments: JSON.stringify(call["args"] ?? {}),
    });
  }

  #answer(answer: JsonObject, place: string): void {
    const side = sideOf(answer, place);
    const callId = this.#pairs.answer(side) ?? (this.#terms.isCount ? this.#pairs.call(side) : null);
    if (callId === null) {
      throw new FaultyRequest(place, `\`${place}\` answers no call of \`${side.name}\` before it.`);
    }
    this.#flush();
    this.#output = { type: "function_call_output", call_id: callId, output: functionOutput(answer, place) };
    this.#items.push(this.#output);
  }

  #flush(): void {
    if (this.#parts.length > 0) this.#items.push({ type: "message", role: this.#role, content: this.#parts });
    this.#parts = [];
  }
}

/** Sealed reasoning of other accounts than that of the last cannot be opened any more. */
export function lastSealOwner(contents: unknown): string | null {
  const signatures = contentsOf(contents)
    .flatMap((content) => asList(asObject(content)?.["parts"]))
    .map((part) => fieldsOf(part)?.["thoughtSignature"]);
  return signatures.map(unpackSeal).findLast((seal) => seal !== null)?.owner ?? null;
}

/** A single content may stand for a list of one. */
function contentsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function partsOf(content: unknown, place: string): readonly unknown[] {
  const fields = fieldsOf(content);
  if (fields === null && content !== undefined) {
    throw new FaultyRequest(place, `\`${place}\` must be an object with \`parts\`.`);
  }
  const parts = fields?.["parts"] ?? [];
  if (!Array.isArray(parts)) throw new FaultyRequest(`${place}.parts`, `\`${place}.parts\` must be a list.`);
  return parts;
}

function sideOf(fields: JsonObject, place: string): Side {
  const name = asText(fields["name"]) ?? "";
  if (name === "") throw new FaultyRequest(`${place}.name`, `\`${place}.name\` must be a name.`);
  const id = asText(fields["id"]);
  return { clientId: id === "" ? null : id, name, place };
}

/** Programs that a model ran at Google, and what they printed, are told as the model would have written them down. */
function spokenText({ fields, kind }: ReadPart, place: string): string {
  if (kind === null) return "";
  if (kind === "text") return textOf(fields["text"], place);
  const inner = fieldsOf(fields[kind]);
  if (kind === "executableCode") return fenced(asText(inner?.["language"])?.toLowerCase() ?? "", inner?.["code"]);
  if (kind === "codeExecutionResult") return fenced("", inner?.["output"]);
  throw unknownPart(kind, place);
}

function fenced(language: string, text: unknown): string {
  return `\n\`\`\`${language}\n${asText(text) ?? ""}\n\`\`\`\n`;
}
