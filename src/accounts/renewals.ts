// Renewals of this process: one at a time per account, shared by all who want it, and a pause after one that failed on
// its way. A renewal goes on when whoever asked for it has lost interest.

import type { Clock } from "../kit/clock.ts";
import type { RotationOutcome } from "./rotation/rotate.ts";

export interface Rotation {
  /** Replaces the tokens of generation `seen`. */
  rotate(accountId: string, seen: number): Promise<RotationOutcome>;
}

export interface Renewals extends Rotation {
  /** Ends the pause of an account: something about it has changed. */
  wake(accountId: string): void;
}

/** After a failed renewal the issuer is left alone for so long. */
const quietMs = 10_000;

export function createRenewals(rotation: Rotation, clock: Clock): Renewals {
  const running = new Map<string, Promise<RotationOutcome>>();
  const quiet = new Map<string, { readonly until: number; readonly outcome: RotationOutcome }>();

  async function run(accountId: string, seen: number): Promise<RotationOutcome> {
    const outcome = await rotation.rotate(accountId, seen).finally(() => running.delete(accountId));
    if (outcome.kind === "unreachable") quiet.set(accountId, { until: clock.now() + quietMs, outcome });
    return outcome;
  }

  return {
    async rotate(accountId, seen) {
      const silent = quiet.get(accountId);
      const restMs = silent === undefined ? 0 : silent.until - clock.now();
      // A rest longer than any is of a clock that was set back.
      if (silent && restMs > 0 && restMs <= quietMs) return silent.outcome;
      quiet.delete(accountId);
      const renewal = running.get(accountId) ?? run(accountId, seen);
      running.set(accountId, renewal);
      return renewal;
    },
    wake: (accountId) => void quiet.delete(accountId),
  };
}
