// One listener of the event stream over HTTP: server-sent events with signs of life. A listener that does not read is dropped;
// it comes back with the id it has seen last.

import type { IncomingMessage, ServerResponse } from "node:http";

import type { Clock } from "../../kit/clock.ts";
import type { EventHub } from "./event-hub.ts";

/** Answers a request with the event stream, from after that id on if it is still known. */
export type StreamEvents = (lastEventId: string | null, response: ServerResponse) => void | Promise<void>;

export const eventStreamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
} as const;

const heartbeatMs = 15_000;
const heartbeat = Buffer.from(": \n\n");
/** A listener with more than this unread before the next batch is dropped. */
export const mostUnreadBytes = 1024 * 1024;

export function streamEvents(hub: EventHub, clock: Clock): StreamEvents {
  return (lastEventId, response) => {
    if (response.destroyed) return;
    response.writeHead(200, eventStreamHeaders);
    const timer = clock.timer(heartbeatMs, () => send(heartbeat));
    const leave = hub.open(lastEventId, { take: send, end: () => stop(() => response.end()) });
    response.on("error", () => stop());
    response.once("close", () => stop());
    if (hub.isClosed) stop(() => response.end());

    function send(bytes: Buffer): void {
      if (response.writableLength > mostUnreadBytes) return stop(() => response.destroy());
      response.write(bytes);
      timer.refresh();
    }

    /** After this nothing is written any more. */
    function stop(how = () => {}): void {
      timer.cancel();
      leave();
      how();
    }
  };
}

/** From the header that browsers send when they come back, or the parameter for those who cannot set one. */
export function lastEventIdOf({ headers, url = "" }: IncomingMessage): string | null {
  const header = headers["last-event-id"];
  if (typeof header === "string" && header !== "") return header;
  const mark = url.indexOf("?");
  return mark < 0 ? null : new URLSearchParams(url.slice(mark)).get("lastEventId") || null;
}
