// The renewal process: does the exchanges with the issuer for a service, so that killing the service in the middle of
// one loses nothing. A refresh token is spent once the issuer has read it; what it gave for it must reach the disk.
// When the service goes away, by its own will or not, this process finishes what it has begun and ends.

import { randomUUID } from "node:crypto";
import { systemClock } from "../../kit/clock.ts";
import { openStore } from "../../store/open-store.ts";
import { createIssuer } from "../../upstream/chatgpt/issuer.ts";
import { createTransport } from "../../upstream/transport.ts";
import type { RotationAsk, RotationReply, RotationSettings } from "./messages.ts";
import { rotate } from "./rotate.ts";
import type { RotationOutcome } from "./rotate.ts";

type Work = (ask: RotationAsk) => Promise<RotationOutcome>;

let work: Promise<Work> | null = null;
let open = 0;
let isAlone = false;

/** The terminal and the service manager signal the whole group; only the service's end is ours. */
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

process.on("message", (message: RotationSettings | RotationAsk) => {
  if ("storePath" in message) work = prepare(message);
  else void answer(message);
});

process.on("disconnect", () => {
  isAlone = true;
  setInterval(() => {}, 1_000); // timers of the store and of waiting do not keep a process alive
  endWhenDone();
});

async function prepare({ storePath, secretKey, transport, issuer }: RotationSettings): Promise<Work> {
  const store = await openStore({ path: storePath, secretKey, clock: systemClock });
  const options = {
    store,
    issuer: createIssuer({ ...issuer, transport: createTransport(transport) }),
    clock: systemClock,
    owner: randomUUID(),
  };
  return ({ accountId, seen }) => rotate(options, accountId, seen);
}

async function answer(ask: RotationAsk): Promise<void> {
  open += 1;
  const outcome = await attempt(ask);
  open -= 1;
  const reply: RotationReply = { number: ask.number, outcome };
  if (process.connected) process.send?.(reply, () => endWhenDone());
  else endWhenDone();
}

async function attempt(ask: RotationAsk): Promise<RotationOutcome> {
  try {
    const rotateNow = await work;
    return rotateNow ? await rotateNow(ask) : { kind: "unreachable", message: "the renewal process has no settings" };
  } catch (error) {
    return { kind: "unreachable", message: error instanceof Error ? error.message : String(error) };
  }
}

function endWhenDone(): void {
  if (isAlone && open === 0) process.exit(0);
}
