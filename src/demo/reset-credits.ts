// Credits for resets: how many an account has, and what redeeming one does. Each redemption counts once, however often it is
// asked for.

import { admit } from "./admit.ts";
import { detail } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import type { QuotaWindow } from "./windows.ts";
import type { WorldState } from "./world-state.ts";

export interface Redemption {
  readonly code: "reset" | "nothing_to_reset" | "no_credit" | "already_redeemed";
  readonly windowsReset: number;
}

export class ResetCredits {
  available: number;
  readonly #redeemed = new Set<string>();

  constructor(available: number) {
    this.available = available;
  }

  /** Empties the windows in use, when there is a credit for it. */
  redeem(requestId: string, windowsInUse: readonly QuotaWindow[]): Redemption {
    const code = this.#judge(requestId, windowsInUse);
    if (code !== "reset") return { code, windowsReset: 0 };
    this.available -= 1;
    this.#redeemed.add(requestId);
    for (const window of windowsInUse) window.reset();
    return { code, windowsReset: windowsInUse.length };
  }

  #judge(requestId: string, windowsInUse: readonly QuotaWindow[]): Redemption["code"] {
    if (this.#redeemed.has(requestId)) return "already_redeemed";
    if (this.available === 0) return "no_credit";
    return windowsInUse.length === 0 ? "nothing_to_reset" : "reset";
  }
}

/** POST /backend-api/wham/rate-limit-reset-credits/consume */
export async function answerConsume(exchange: Exchange, state: WorldState): Promise<void> {
  const admitted = await admit(exchange, state, "reset-credits");
  if (!admitted) return;
  const requestId = exchange.json?.["redeem_request_id"];
  if (typeof requestId !== "string" || requestId === "") return exchange.send(detail(422, "redeem_request_id"));
  const { code, windowsReset } = admitted.account.redeemReset(requestId);
  exchange.send({ status: 200, body: { code, windows_reset: windowsReset } });
}
