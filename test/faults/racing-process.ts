// A process with nothing but a store and an issuer, which renews one login whenever it is told to.

import { randomUUID } from "node:crypto";

import type { RotationSettings } from "../../src/accounts/rotation/messages.ts";
import type { RotationOutcome } from "../../src/accounts/rotation/rotate.ts";
import { rotate } from "../../src/accounts/rotation/rotate.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { openStore } from "../../src/store/open-store.ts";
import { createIssuer } from "../../src/upstream/chatgpt/issuer.ts";
import { createTransport } from "../../src/upstream/transport.ts";

/** Sent once, first; answered with "ready". */
export interface RacerSettings {
  readonly accountId: string;
  readonly rotation: RotationSettings;
}

/** Replace the tokens of this generation; answered with the outcome. */
export interface RaceCall {
  readonly seen: number;
}

export type RacerReply = "ready" | RotationOutcome;

let race: ((seen: number) => Promise<RotationOutcome>) | null = null;

async function prepare({ accountId, rotation }: RacerSettings): Promise<void> {
  const store = await openStore({ path: rotation.storePath, clock: systemClock });
  const issuer = createIssuer({ ...rotation.issuer, transport: createTransport(rotation.transport) });
  const options = { store, issuer, clock: systemClock, owner: randomUUID() };
  race = (seen) => rotate(options, accountId, seen);
}

const reply = (message: RacerReply) => void process.send?.(message);

process.on("message", (message: RacerSettings | RaceCall) => {
  if ("rotation" in message) void prepare(message).then(() => reply("ready"));
  else void race?.(message.seen).then(reply);
});
process.on("disconnect", () => process.exit(0));
