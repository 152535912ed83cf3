// Now and then something goes wrong upstream, so that one can watch it being absorbed.

import { faults } from "./fault-list.ts";
import type { Fault } from "./faults.ts";

const TROUBLES: ReadonlyArray<() => Fault> = [
  () => faults.usageLimit({ resetsInMs: 60_000 }),
  () => faults.tokenInvalidated(),
  () => faults.usageLimitInStream(),
  () => faults.serverError(502),
  () => faults.rateLimit({ tryAgainIn: "20s" }),
  () => faults.cloudflareChallenge(),
];
/** So many requests go well between two troubles. */
const CALM = 5;

/** Called after each request; whoever asks next then sometimes meets a fault. */
export function troubleMaker(world: { fail(fault: Fault): void }): () => void {
  let calls = 0;
  return () => {
    calls += 1;
    const trouble = calls % CALM === 0 ? TROUBLES[(calls / CALM - 1) % TROUBLES.length] : undefined;
    if (trouble !== undefined) world.fail(trouble());
  };
}
