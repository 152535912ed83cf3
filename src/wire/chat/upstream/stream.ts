// A Chat Completions stream read as events of the internal form.
// Facts: chunks of api.openai.com and of compatible servers: calls are told apart by `index`, names and ids may come late or in
// pieces, the usage comes in a chunk of its own behind the finish, `reasoning_content` (DeepSeek) and `reasoning` (OpenRouter)
// are thinking, and some end without `[DONE]`.

import { asList, asNumber, asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";
import type { InternalEvent } from "../../internal.ts";
import { type Ending, InternalWriter, type Usage } from "../../internal-events.ts";
import type { EventReader, UpstreamAnswerTerms } from "../../upstream-format.ts";
import { UpstreamTools } from "../../upstream-tools.ts";
import { chatComplaint } from "./errors.ts";
import { endingOf, usageOf } from "./ending.ts";

/** A call whose name has not come yet; its arguments wait. */
interface EarlyCall {
  id: string;
  name: string;
  json: string;
  isStarted: boolean;
}

export class ChatReader implements EventReader {
  readonly #writer: InternalWriter;
  readonly #tools: UpstreamTools;
  readonly #answerId: string;
  readonly #calls = new Map<string, EarlyCall>();
  #ending: Ending | null = null;
  #usage: Usage | null = null;

  constructor({ request, answerId, now }: UpstreamAnswerTerms) {
    this.#writer = new InternalWriter({ answerId, now, model: request.model ?? "" });
    this.#tools = new UpstreamTools(request);
    this.#answerId = answerId;
  }

  read(_name: string | null, data: string): readonly InternalEvent[] {
    if (data === "[DONE]") return this.#end();
    const chunk = asObject(parseJson(data));
    if (chunk === null) return [];
    if (chunk["error"] !== undefined) return this.#fail(chunk);
    this.#writer.start();
    for (const choice of asList(chunk["choices"])) this.#choice(asObject(choice) ?? {});
    this.#usage = usageOf(chunk["usage"]) ?? this.#usage;
    return this.#writer.take();
  }

  /** Servers that say how the answer ended but not that the stream does have ended it all the same. */
  end(): readonly InternalEvent[] {
    return this.#ending === null ? this.#writer.take() : this.#end();
  }

  #choice(choice: JsonObject): void {
    const delta = asObject(choice["delta"]) ?? {};
    this.#writer.think(asText(delta["reasoning_content"]) ?? asText(delta["reasoning"]) ?? "");
    this.#writer.say(asText(delta["content"]) ?? "");
    this.#writer.say(asText(delta["refusal"]) ?? "", "refusal");
    for (const [at, call] of asList(delta["tool_calls"]).entries()) this.#call(asObject(call) ?? {}, at);
    const finish = asText(choice["finish_reason"]);
    if (finish !== null) this.#ending = endingOf(finish);
  }

  #call(told: JsonObject, at: number): void {
    const key = String(asNumber(told["index"]) ?? at);
    const call = this.#calls.get(key) ?? { id: "", name: "", json: "", isStarted: false };
    this.#calls.set(key, call);
    const named = asObject(told["function"]);
    call.id ||= asText(told["id"]) ?? "";
    const json = asText(named?.["arguments"]) ?? "";
    if (!call.isStarted) {
      call.name += asText(named?.["name"]) ?? "";
      call.json += json;
      // A name may come in pieces: it is whole once arguments come.
      if (call.name !== "" && call.json !== "") this.#begin(key, call);
    } else this.#writer.argue(key, json);
  }

  #begin(key: string, call: EarlyCall): void {
    call.isStarted = true;
    this.#writer.call(key, this.#tools.startOf(call.name, call.id || `call_${this.#answerId}_${key}`));
    this.#writer.argue(key, call.json);
  }

  #end(): readonly InternalEvent[] {
    if (this.#ending === null) return this.#writer.take();
    for (const [key, call] of this.#calls) if (!call.isStarted && call.name !== "") this.#begin(key, call);
    this.#writer.end(this.#ending, this.#usage);
    return this.#writer.take();
  }

  #fail(chunk: JsonObject): readonly InternalEvent[] {
    const { code, type, message } = chatComplaint(chunk);
    this.#writer.end({ status: "failed", code: code ?? type ?? "upstream_error", message }, this.#usage);
    return this.#writer.take();
  }
}
