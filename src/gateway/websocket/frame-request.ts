// A frame in the place of an HTTP request: its body is there from the beginning.

import { Readable } from "node:stream";
import type { IncomingHttpHeaders } from "node:http";
import type { CallRequest } from "../call.ts";
import type { FrameHeaders } from "./frame-headers.ts";

export class FrameRequest extends Readable implements CallRequest {
  /** As the request log has it. */
  readonly method = "WS";
  readonly complete = true;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];

  constructor(body: Buffer, { headers, rawHeaders }: FrameHeaders) {
    super();
    this.headers = headers;
    this.rawHeaders = rawHeaders;
    this.push(body);
    this.push(null);
  }

  override _read(): void {}
}
