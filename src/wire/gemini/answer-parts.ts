// Reads the events of one answer as parts of the model's content. Each thing is said once, whether it comes as deltas, in
// the finished item, in the finished output, or in all of them.
// Facts: thoughts come whole from Google, each under a heading that Gemini CLI 0.61 looks for in every part; it forgets
// parts with thoughts, so that signatures have to stand on what follows them.

import { asList, asNumber, asObject, asText, type JsonObject, parseJson } from "../../kit/json-value.ts";
import type { InternalEvent, Item } from "../internal.ts";
import { packSeal } from "../reasoning-seal.ts";
import { fittingCallId, type ToolNames } from "../tool-names.ts";
import { unwrapped, type Wrapping } from "./answer-format.ts";
import { Courses, type Course } from "./courses.ts";

/** What the request says about the form of its answer. */
export interface AnswerForm {
  readonly names: ToolNames;
  /** Whether the client asked to see thoughts. */
  readonly hasThoughts: boolean;
  readonly wrapping: Wrapping;
}

export type Part = JsonObject;

export class AnswerParts {
  readonly #form: AnswerForm;
  /** Id of the account that answers. */
  readonly #owner: string;
  readonly #courses = new Courses();
  /** Signature of the thinking that came last, for the next part to carry. */
  #signature: string | null = null;
  #hasThought = false;
  #hasBrokenCall = false;

  constructor(form: AnswerForm, owner: string) {
    this.#form = form;
    this.#owner = owner;
  }

  /** Whether there was a call that could not be told, its arguments being no object of JSON. */
  get hasBrokenCall(): boolean {
    return this.#hasBrokenCall;
  }

  /** Every item so far, finished or not. */
  get items(): readonly Item[] {
    return this.#courses.items;
  }

  read(event: InternalEvent): readonly Part[] {
    switch (event.type) {
      case "response.output_item.added":
        this.#courses.find(event);
        return [];
      case "response.output_text.delta":
      case "response.refusal.delta":
        return this.#delta(this.#courses.find(event, "message"), asText(event["delta"]) ?? "");
      case "response.reasoning_summary_text.done":
        return this.#thought(
          this.#courses.find(event, "reasoning"),
          asNumber(event["summary_index"]) ?? 0,
          event["text"],
        );
      case "response.output_item.done":
        return this.#done(this.#courses.find(event), asObject(event["item"]) ?? {});
      default:
        return [];
    }
  }

  /** What the finished output adds, and what was still held back. */
  finish(output: readonly unknown[]): readonly Part[] {
    const added = output.flatMap((value, at) => {
      const item = asObject(value) ?? {};
      return this.#done(this.#courses.find({ item, output_index: at }), item);
    });
    const held = this.#courses.open.flatMap((course) => this.#rest(course, course.text));
    return [...added, ...held];
  }

  #delta(course: Course, delta: string): readonly Part[] {
    if (course.isDone || delta === "") return [];
    course.text += delta;
    // What has to be unwrapped is told when it is whole.
    if (this.#form.wrapping !== null) return [];
    // Not compared with what was told before: that would be done anew for every piece of a long text.
    course.told += delta;
    return [this.#signed({ text: delta })];
  }

  #done(course: Course, item: Item): readonly Part[] {
    if (course.isDone) return [];
    course.isDone = true;
    course.item = item;
    switch (item["type"]) {
      case "message":
        return this.#rest(course, spokenText(item));
      case "reasoning":
        return [...this.#thoughts(course, item), ...this.#sealed(item)];
      case "function_call":
        return this.#call(item);
      default:
        return [];
    }
  }

  /** What of the whole text is not told; nothing when it contradicts what was, which cannot be taken back. */
  #rest(course: Course, whole: string): readonly Part[] {
    const { wrapping } = this.#form;
    const text = wrapping === null || whole === "" ? whole : unwrapped(whole, wrapping);
    if (!text.startsWith(course.told) || text === course.told) return [];
    const rest = text.slice(course.told.length);
    course.told = text;
    return [this.#signed({ text: rest })];
  }

  #thoughts(course: Course, item: Item): readonly Part[] {
    return asList(item["summary"]).flatMap((part, at) => this.#thought(course, at, asObject(part)?.["text"]));
  }

  #thought(course: Course, at: number, value: unknown): readonly Part[] {
    const thought = asText(value) ?? "";
    if (!this.#form.hasThoughts || thought === "" || course.thoughts.has(at)) return [];
    course.thoughts.add(at);
    const text = this.#hasThought ? `\n\n${thought}` : thought;
    this.#hasThought = true;
    return [{ text, thought: true }];
  }

  #sealed(item: Item): readonly Part[] {
    const ciphertext = asText(item["encrypted_content"]);
    if (ciphertext === null) return [];
    const before = this.#loneSignature();
    this.#signature = packSeal({ owner: this.#owner, ciphertext });
    return before;
  }

  /** Of thinking that nothing but other thinking follows. Behind the last thing that was said it is of no use. */
  #loneSignature(): readonly Part[] {
    return this.#signature === null ? [] : [this.#signed({ text: "", thought: true })];
  }

  #call(item: Item): readonly Part[] {
    const written = asText(item["arguments"]) ?? "";
    const args = written === "" ? {} : asObject(parseJson(written));
    if (args === null) {
      this.#hasBrokenCall = true;
      return [];
    }
    const id = fittingCallId(asText(item["call_id"]) ?? asText(item["id"]) ?? "");
    return [this.#signed({ functionCall: { id, name: this.#form.names.restore(asText(item["name"]) ?? ""), args } })];
  }

  #signed(part: Part): Part {
    const thoughtSignature = this.#signature;
    this.#signature = null;
    return thoughtSignature === null ? part : { ...part, thoughtSignature };
  }
}

/** All that was said in one message, refusals included. */
function spokenText(item: Item): string {
  const parts = asList(item["content"]).map(asObject);
  return parts.map((part) => asText(part?.["text"]) ?? asText(part?.["refusal"]) ?? "").join("");
}
