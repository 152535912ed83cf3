// The service's event stream as the command line reads it: events one by one, across lost connections and restarts.

import type { ServiceEvent } from "../contract/events.ts";
import { TOKEN_HEADER } from "../contract/rpc/envelope.ts";
import { pause } from "../kit/clock.ts";
import { asSilence, findService } from "./connect.ts";
import type { Context } from "./context.ts";
import { CommandError } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";

interface Received {
  readonly id: string | null;
  readonly event: ServiceEvent;
}

const shortestPauseMs = 500;
const longestPauseMs = 15_000;

/**
 * Every event until the signal aborts. Throws CommandError when the service cannot be reached at first; one that is lost later
 * is waited for, and asked to go on where it was left.
 */
export async function* followEvents(context: Context, signal: AbortSignal): AsyncGenerator<ServiceEvent> {
  const { terminal, words } = context;
  let lastId: string | null = null;
  let body = await connect(context, lastId, signal);
  while (!signal.aborted) {
    for await (const { id, event } of eventsOf(body, signal)) {
      lastId = id ?? lastId;
      yield event;
    }
    if (signal.aborted) return;
    terminal.err(words.connectionLost);
    const again = await reconnect(context, lastId, signal);
    if (again === null) return;
    body = again;
  }
}

/** Null when the signal has aborted. */
async function reconnect(context: Context, lastId: string | null, signal: AbortSignal) {
  for (let pauseMs = shortestPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    await pause(context.terminal.clock, pauseMs, signal).catch(() => {});
    if (signal.aborted) return null;
    try {
      return await connect(context, lastId, signal);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
  }
  return null;
}

async function connect(context: Context, lastId: string | null, signal: AbortSignal): Promise<ReadableStream> {
  const { words } = context;
  const service = await findService(context, context.settings());
  if (service === null) throw new CommandError(words.noService, exitCodes.failed);
  const { url, token } = service;
  const response = await fetch(new URL("/events", url), {
    headers: { [TOKEN_HEADER]: token, ...(lastId === null ? {} : { "last-event-id": lastId }) },
    redirect: "error",
    signal,
  }).catch((error: unknown) => {
    throw asSilence(error, url, words);
  });
  if (response.status !== 200 || response.body === null) {
    throw new CommandError(words.serviceAnswered(url, response.status), exitCodes.failed);
  }
  return response.body;
}

/** Ends with the connection, however that ends. */
async function* eventsOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Received> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of body) {
      const blocks = (text + decoder.decode(chunk, { stream: true })).split("\n\n");
      text = blocks.pop() ?? "";
      yield* blocks.flatMap((block) => parseEvent(block) ?? []);
    }
  } catch (error) {
    if (!signal.aborted && !(error instanceof TypeError)) throw error;
  }
}

/** Null for a sign of life. */
function parseEvent(block: string): Received | null {
  const lines = block.split("\n");
  const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
  const json = field("data");
  return json === null ? null : { id: field("id"), event: JSON.parse(json) as ServiceEvent };
}
