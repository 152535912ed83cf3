// How a client format that is not the internal form is turned into it, and the answer back.

import type { FailureCode } from "../contract/failure.ts";
import type { InternalAnswer, InternalEvent, InternalRequest } from "./internal.ts";

/** What is known once an account answers. */
export interface AnswerTerms {
  /** The model's name as the client gave it; answers carry it, whichever model answers. */
  readonly model: string;
  /** Id of the account that answers; sealed reasoning is marked with it. */
  readonly owner: string;
  /** Epoch ms. */
  readonly now: number;
}

/** Writes one answer as the client's stream. Holds all state of that stream. */
export interface EventWriter {
  /**
   * What the client is sent for this event: whole events of its own format, or the empty string. It sees every event up
   * to and with `response.completed` or `response.incomplete`; failures are told by the format's `failureEvent`.
   */
  write(event: InternalEvent): string;
}

/** One request in the internal form, and the way back for its answer. */
export interface Translation {
  readonly request: InternalRequest;
  /** Id of the account whose sealed reasoning the request carries; null when it carries none. */
  readonly sealOwner: string | null;
  /** Fields of the request that could not be taken over and change little: the request log names them. */
  readonly dropped: readonly string[];
  /** A writer for the answer, when the client asked for a stream. */
  stream(terms: AnswerTerms): EventWriter;
  /** The finished answer as the client's own object, when it asked for no stream. */
  reply(answer: InternalAnswer, terms: AnswerTerms): object;
}

/** Why a request cannot be translated, for the client to read. */
export interface RequestFault {
  readonly code: FailureCode;
  /** Names the field and says what is accepted. */
  readonly message: string;
  /** Path of the field, as in `tools[0].function.name`. */
  readonly param?: string;
}

export type Translated =
  | { readonly ok: true; readonly translation: Translation }
  | { readonly ok: false; readonly fault: RequestFault };

/** Thrown and caught inside one translation, so that a fault found deep down needs no way back through every caller. */
export class FaultyRequest extends Error {
  readonly fault: RequestFault;

  constructor(param: string, message: string, code: FailureCode = "invalid_request") {
    super(message);
    this.fault = { code, message, param };
  }
}

/** Runs a translation; a `FaultyRequest` thrown in it becomes its result. */
export function translating(translate: () => Translation): Translated {
  try {
    return { ok: true, translation: translate() };
  } catch (error) {
    if (error instanceof FaultyRequest) return { ok: false, fault: error.fault };
    throw error;
  }
}
