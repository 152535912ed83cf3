// Believable requests against a gateway: conversations of a Codex client, shaped like captured ones, until aborted.

import { setTimeout as sleep } from "node:timers/promises";
import { type CapturedBody, type CapturedItem, type CapturedRequest, captured, type CaptureName } from "./captured.ts";
import { eventsOf, type StreamEvent } from "./read-events.ts";
import { stableUuid } from "./token.ts";

export interface TrafficResult {
  readonly conversation: string;
  readonly model: string;
  /** 0 when there was no answer. */
  readonly status: number;
  /** Whether the answer came to its proper end. */
  readonly isComplete: boolean;
  /** From sending to the last byte. */
  readonly durationMs: number;
  /** Why it failed, in the gateway's words; null when it did not. */
  readonly error: string | null;
  /** The gateway's name for the request; null when there was no answer. */
  readonly traceId: string | null;
}

export interface TrafficOptions {
  /** With the path that `/responses` is appended to, such as `http://localhost:48760/v1`. */
  readonly gatewayUrl: string;
  /** A platform key. */
  readonly key: string;
  /** Ends the traffic; requests under way are broken off. */
  readonly signal: AbortSignal;
  onResult(result: TrafficResult): void;
  /** How many conversations go on at once; default 3. */
  readonly conversations?: number;
  /** Pause between a person's messages; default 1,500 ms. */
  readonly pauseMs?: number;
}

const PROMPTS = [
  "Which tests fail at the moment? [[shell npm test]]",
  "Explain how the request log is written.",
  "Add a note about the new setting to the changelog. [[patch NOTES.md Document the new setting]]",
  "Look around in src and tell me what is largest. [[shell du -ah src | sort -h | tail -5]] [[shell wc -l src/main.ts]]",
  "Write a longer summary of the architecture. [[events 120]]",
  "Rename the function and run the type checker. [[shell npx tsc --noEmit]]",
];
const CLIENTS: readonly CaptureName[] = ["liteTurn", "classicToolTurn", "liteTurn", "turnOf125"];
const TURNS_PER_CONVERSATION = 4;
const MAX_CALLS_PER_TURN = 6;

/** Resolves when the signal has aborted and everything under way is over; never rejects. */
export async function sendTraffic(options: TrafficOptions): Promise<void> {
  const lanes = Array.from({ length: options.conversations ?? 3 }, (_value, lane) => runLane(options, lane));
  await Promise.all(lanes);
}

/** One conversation after another. */
async function runLane(options: TrafficOptions, lane: number): Promise<void> {
  for (let round = 0; !options.signal.aborted; round += 1) {
    const number = lane + round * (options.conversations ?? 3);
    const conversation = new Conversation(number);
    for (let turn = 0; turn < TURNS_PER_CONVERSATION && !options.signal.aborted; turn += 1) {
      const isGood = await conversation.ask(PROMPTS[(number + turn) % PROMPTS.length] ?? "", options);
      await pause(options.pauseMs ?? 1_500, options.signal);
      if (!isGood) break;
    }
  }
}

class Conversation {
  readonly #id: string;
  readonly #request: CapturedRequest;

  constructor(number: number) {
    this.#id = stableUuid(`demo conversation ${number} ${process.pid}`);
    this.#request = captured(CLIENTS[number % CLIENTS.length] ?? "liteTurn");
    this.#request.body.input = this.#request.body.input.filter((item) => !item.type.includes("call"));
    this.#rename();
  }

  /** One message of the person, with all tool calls it leads to. False when it could not be answered. */
  async ask(prompt: string, options: TrafficOptions): Promise<boolean> {
    const { body, headers } = this.#request;
    delete headers["x-codex-turn-state"];
    body.input.push({ type: "message", role: "user", content: [{ type: "input_text", text: prompt }] });
    for (let call = 0; call < MAX_CALLS_PER_TURN; call += 1) {
      const items = await this.#send(options);
      if (!items) return false;
      const outputs = items.flatMap((item) => toolOutput(item));
      body.input.push(...items, ...outputs);
      if (outputs.length === 0) return true;
    }
    return true;
  }

  async #send(options: TrafficOptions): Promise<CapturedItem[] | null> {
    const begunAt = performance.now();
    const report = (outcome: Pick<TrafficResult, "status" | "isComplete" | "error" | "traceId">): void =>
      options.onResult({
        conversation: this.#id,
        model: this.#request.body.model,
        durationMs: Math.round(performance.now() - begunAt),
        ...outcome,
      });
    try {
      const answer = await fetch(`${options.gatewayUrl}/responses`, {
        method: "POST",
        headers: { ...this.#request.headers, authorization: `Bearer ${options.key}` },
        body: JSON.stringify(this.#request.body),
        signal: options.signal,
      });
      const text = await answer.text();
      const events = answer.ok ? eventsOf(text) : [];
      const isComplete = events.some((event) => event.type === "response.completed");
      report({
        status: answer.status,
        isComplete,
        error: isComplete ? null : failureText(answer.status, text, events),
        traceId: answer.headers.get("x-codexmanager-trace-id"),
      });
      const turnState = answer.headers.get("x-codex-turn-state");
      if (turnState) this.#request.headers["x-codex-turn-state"] = turnState;
      return isComplete ? finishedItems(events) : null;
    } catch (error) {
      if (!options.signal.aborted) report({ status: 0, isComplete: false, error: causeOf(error), traceId: null });
      return null;
    }
  }

  /** Gives the captured request its own conversation. */
  #rename(): void {
    const old = String(this.#request.body["prompt_cache_key"]);
    this.#request.body = JSON.parse(JSON.stringify(this.#request.body).replaceAll(old, this.#id)) as CapturedBody;
    for (const [name, value] of Object.entries(this.#request.headers)) {
      this.#request.headers[name] = value.replaceAll(old, this.#id);
    }
  }
}

function finishedItems(events: readonly StreamEvent[]): CapturedItem[] {
  return events
    .filter((event) => event.type === "response.output_item.done")
    .map((event) => event["item"] as CapturedItem);
}

/** What the tool says, for items that are calls. */
function toolOutput(item: CapturedItem): CapturedItem[] {
  if (item.type !== "function_call" && item.type !== "custom_tool_call") return [];
  const output = "Process exited with code 0\nOutput:\n42 tests passed\n";
  return [{ type: `${item.type}_output`, call_id: item["call_id"], output }];
}

function failureText(status: number, text: string, events: readonly StreamEvent[]): string {
  const last = events.at(-1);
  if (last) return `the stream ended with ${last.type}`;
  return `status ${status}: ${text.slice(0, 200)}`;
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
