// The simulated model: decides from a request, and from nothing else, what the answer consists of.

import { readMarkers, type Marker } from "./markers.ts";
import { type Fields, inputItems, isFields, type OfferedTool, offeredTools, textOf, wordOf } from "./request.ts";
import { sampleValue } from "./sample-value.ts";
import { anyToolCall, toolCall, type ToolCall } from "./tool-call.ts";

export interface Script {
  /** A summary of the reasoning; null when the request wants none. */
  readonly reasoning: string | null;
  readonly result:
    | { readonly kind: "text"; readonly deltas: Iterable<string> }
    | { readonly kind: "calls"; readonly calls: readonly ToolCall[] }
    | { readonly kind: "compaction" };
}

const COMPACTIONS = new Set(["compaction", "compaction_summary", "context_compaction"]);
const TOOL_OUTPUTS = new Set(["function_call_output", "custom_tool_call_output", "local_shell_call_output"]);
const FILLER = "The quick brown fox jumps over the lazy dog — ✓ ";

export function writeScript(body: Fields): Script {
  const items = inputItems(body);
  if (items.at(-1)?.["type"] === "compaction_trigger") {
    return { reasoning: null, result: { kind: "compaction" } };
  }
  const asked = items.findLastIndex(isUserMessage);
  const question = questionOf(items[asked] ?? {});
  const since = items.slice(asked + 1);
  const outputs = since.filter((item) => TOOL_OUTPUTS.has(wordOf(item["type"])));
  const markers = readMarkers(question);
  // What was done before a compaction is in the sealed summary: nothing is called a second time.
  const isCompacted = since.some((item) => COMPACTIONS.has(wordOf(item["type"])));
  const calls = isCompacted ? [] : nextCalls(body, markers, outputs.length);
  return {
    reasoning: wantsReasoning(body) ? "**Considering the request**\n\nDeciding what to do next." : null,
    result:
      calls.length > 0
        ? { kind: "calls", calls }
        : { kind: "text", deltas: finalText(body, question, markers, outputs.at(-1)) },
  };
}

/** Pause between events in ms that the user message asks for; 0 when it asks for none. */
export function paceOf(body: Fields): number {
  const question = questionOf(inputItems(body).findLast(isUserMessage) ?? {});
  return readMarkers(question).find((marker) => marker.kind === "pace")?.ms ?? 0;
}

/** What clients put into the user's mouth is no question: Claude Code reminds the model of its rules so. */
const REMINDER = /<system-reminder>[\s\S]*?<\/system-reminder>/g;

function questionOf(item: Fields): string {
  return textOf(item).replaceAll(REMINDER, "").trim();
}

/** A picture is a question, too; a reminder alone is none. */
function isUserMessage(item: Fields): boolean {
  if (item["role"] !== "user" || (item["type"] ?? "message") !== "message") return false;
  return questionOf(item) !== "" || textOf(item) === "";
}

/** The tool calls to make now: markers are worked off one by one or together, each answered call counts as one done. */
function nextCalls(body: Fields, markers: readonly Marker[], done: number): ToolCall[] {
  const choice = body["tool_choice"];
  if (choice === "none") return [];
  const tools = offeredTools(body);
  const wishes = markers.filter((marker) => marker.kind === "tool").slice(done);
  const now = markers.some((marker) => marker.kind === "together") ? wishes : wishes.slice(0, 1);
  const calls = now.map((wish) => toolCall(wish.name, wish.input, tools));
  if (now.length === 0 && done === 0) calls.push(demandedCall(choice, tools));
  return calls.filter((call) => call !== null);
}

function demandedCall(choice: unknown, tools: readonly OfferedTool[]): ToolCall | null {
  if (choice === "required") return anyToolCall(null, tools);
  return isFields(choice) && typeof choice["name"] === "string" ? anyToolCall(choice["name"], tools) : null;
}

function wantsReasoning(body: Fields): boolean {
  const { include, reasoning } = body;
  if (!Array.isArray(include) || !include.includes("reasoning.encrypted_content")) return false;
  return !(isFields(reasoning) && reasoning["effort"] === "none");
}

function finalText(
  body: Fields,
  question: string,
  markers: readonly Marker[],
  lastOutput: Fields | undefined,
): Iterable<string> {
  const structured = structuredText(body);
  if (structured !== null) return [structured];
  for (const marker of markers) {
    if (marker.kind === "text") return filler(marker.size);
    if (marker.kind === "events") return repeated(marker.count);
    if (marker.kind === "reply") return words(marker.text);
  }
  if (lastOutput) return words(`Done. The tool said: ${outputText(lastOutput).trim().slice(0, 200)}`);
  const echo = question.replaceAll(/\s+/g, " ").trim().slice(0, 60);
  return words(`Hello from the simulated upstream ✓ You said: ${echo}`);
}

function structuredText(body: Fields): string | null {
  const format = isFields(body["text"]) ? body["text"]["format"] : undefined;
  if (!isFields(format)) return null;
  if (format["type"] === "json_object") return "{}";
  if (format["type"] !== "json_schema" || !isFields(format["schema"])) return null;
  return JSON.stringify(sampleValue(format["schema"]));
}

function outputText(item: Fields): string {
  return typeof item["output"] === "string" ? item["output"] : textOf({ content: item["output"] });
}

function words(text: string): string[] {
  return text.match(/\S+\s*/g) ?? [""];
}

function* repeated(count: number): Generator<string> {
  for (let index = 0; index < count; index += 1) yield `word${index} `;
}

function* filler(size: number): Generator<string> {
  for (let left = size; left > 0; left -= FILLER.length) yield FILLER.slice(0, left);
}
