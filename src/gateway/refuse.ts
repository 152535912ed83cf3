// Tells a client that its request failed, in its own format, as long as nothing has been written to it.

import type { Failure } from "../contract/failure.ts";
import type { ClientProtocol } from "../wire/protocol.ts";
import type { Call } from "./call.ts";

export function refuse(call: Call, protocol: ClientProtocol, failure: Failure, now: number): void {
  const { response, request } = call;
  if (response.headersSent || response.destroyed) return;
  const answer = protocol.failureAnswer(failure, { traceId: call.traceId, now });
  const isUnread = !request.complete;
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-length": answer.body.length,
    // A body that was not read to its end cannot be followed by another request.
    ...(isUnread ? { connection: "close" } : {}),
  });
  response.end(answer.body);
  if (isUnread) request.resume();
}
