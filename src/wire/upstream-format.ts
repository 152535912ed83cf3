// What the gateway asks of every format that an upstream may speak. Adding one is a folder that fills this in and a line
// in `upstream-formats.ts`. Upstreams of the internal form need none of it: their bytes are passed on.

import type { JsonObject } from "../kit/json-value.ts";
import type { InternalAnswer, InternalEvent, InternalRequest } from "./internal.ts";

/** A request as the upstream takes it. */
export interface UpstreamRequest {
  /** Below the provider's base address, with its query. */
  readonly path: string;
  readonly body: JsonObject;
}

export interface UpstreamAnswerTerms {
  /** The request that is answered, in the internal form. */
  readonly request: InternalRequest;
  /** Names the answer, so that ids are the same whenever the same answer is read. */
  readonly answerId: string;
  /** Epoch ms. */
  readonly now: number;
}

/** Reads one stream. Holds all state of that stream. */
export interface EventReader {
  /** The internal events that one server-sent event of the upstream means: its name, if it has one, and its data. */
  read(name: string | null, data: string): readonly InternalEvent[];
  /** The stream is over; events that only now are certain. Without a terminal event among all of them it broke off. */
  end(): readonly InternalEvent[];
}

/** What an upstream's error body says, in the words that classification knows. */
export interface UpstreamComplaint {
  readonly code: string | null;
  readonly type: string | null;
  readonly message: string;
}

export interface UpstreamFormat {
  readonly name: string;
  /** Which state of the upstream's interface its facts are of: they are data, in `profile.json`. */
  readonly version: string;
  /** Throws `FaultyRequest` for what the format cannot express. */
  request(request: InternalRequest): UpstreamRequest;
  reader(terms: UpstreamAnswerTerms): EventReader;
  /** A whole answer that came as one object. */
  answer(object: JsonObject, terms: UpstreamAnswerTerms): InternalAnswer;
  complaint(body: unknown): UpstreamComplaint;
}
