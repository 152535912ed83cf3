// A Chat Completions stream read as events of the internal form.
// Facts: chunks of api.openai.com and of compatible servers: the usage comes in a chunk of its own behind the finish (Moonshot's
// in the choice), text may be a list with thinking in it (Mistral), and some streams end without `[DONE]`.

import { asList, asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";
import type { InternalEvent } from "../../internal.ts";
import { type Ending, InternalWriter, type Usage } from "../../internal-events.ts";
import type { EventReader, UpstreamAnswerTerms } from "../../upstream-format.ts";
import { UpstreamTools } from "../../upstream-tools.ts";
import { ChatCalls } from "./calls.ts";
import { endingOf, usageOf } from "./ending.ts";
import { chatComplaint } from "./errors.ts";
import { packReasoning, REASONING_FIELDS, type ToldReasoning } from "./reasoning-pack.ts";

export class ChatReader implements EventReader {
  readonly #writer: InternalWriter;
  readonly #calls: ChatCalls;
  /** The thinking under way, and the field in which it is told. */
  #thinking: ToldReasoning | null = null;
  #ending: Ending | null = null;
  #usage: Usage | null = null;

  constructor({ request, answerId, now }: UpstreamAnswerTerms) {
    this.#writer = new InternalWriter({ answerId, now, model: request.model ?? "" });
    this.#calls = new ChatCalls({ writer: this.#writer, tools: new UpstreamTools(request), answerId });
  }

  get isOver(): boolean {
    return this.#writer.isOver;
  }

  read(name: string | null, data: string): readonly InternalEvent[] {
    if (data === "[DONE]") return this.end();
    const chunk = asObject(parseJson(data));
    if (chunk === null || this.#writer.isOver) return [];
    // Some servers say with every chunk that there is no error.
    if (name === "error" || (chunk["error"] ?? null) !== null) return this.#fail(chunk);
    this.#writer.start();
    for (const choice of asList(chunk["choices"])) this.#choice(asObject(choice) ?? {});
    this.#usage = usageOf(chunk["usage"]) ?? this.#usage;
    return this.#writer.take();
  }

  /** Servers that say how the answer ended but not that the stream does have ended it all the same. */
  end(): readonly InternalEvent[] {
    if (this.#ending !== null && !this.#writer.isOver) {
      this.#endThinking();
      this.#calls.finish();
      this.#writer.end(this.#ending, this.#usage);
    }
    return this.#writer.take();
  }

  #choice(choice: JsonObject): void {
    const delta = asObject(choice["delta"]) ?? {};
    const field = REASONING_FIELDS.find((name) => (asText(delta[name]) ?? "") !== "");
    if (field !== undefined) {
      const text = asText(delta[field]) ?? "";
      this.#thinking = { field, text: (this.#thinking?.text ?? "") + text };
      this.#writer.think(text);
    }
    this.#content(delta["content"]);
    this.#say(asText(delta["refusal"]) ?? "", "refusal");
    for (const [at, call] of asList(delta["tool_calls"]).entries()) {
      this.#endThinking();
      this.#calls.take(asObject(call) ?? {}, at);
    }
    this.#usage = usageOf(choice["usage"]) ?? this.#usage;
    const finish = asText(choice["finish_reason"]) ?? "";
    if (finish !== "") this.#ending = endingOf(finish, choice);
  }

  #content(content: unknown): void {
    this.#say(asText(content) ?? "");
    for (const value of asList(content)) {
      const part = asObject(value);
      for (const thought of asList(part?.["thinking"])) this.#writer.think(asText(asObject(thought)?.["text"]) ?? "");
      this.#say(asText(part?.["text"]) ?? "");
    }
  }

  #say(text: string, kind: "message" | "refusal" = "message"): void {
    if (text === "") return;
    this.#endThinking();
    this.#writer.say(text, kind);
  }

  #endThinking(): void {
    const told = this.#thinking;
    this.#thinking = null;
    if (told !== null) this.#writer.seal(packReasoning(told));
  }

  #fail(chunk: JsonObject): readonly InternalEvent[] {
    const { code, type, message } = chatComplaint(chunk);
    this.#writer.end({ status: "failed", code: code ?? type ?? "upstream_error", message }, this.#usage);
    return this.#writer.take();
  }
}
