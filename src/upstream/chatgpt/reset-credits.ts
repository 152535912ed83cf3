// Redeems a credit that empties the quota windows of a ChatGPT account. One request, judged. An id names the redemption, so that
// asking again after a lost answer spends nothing twice.

import { fetchSmall } from "./fetch-small.ts";
import { type UsageReaderOptions, type UsageRequest, codeOf, credentialHeaders, usageUrl } from "./usage.ts";

/** The upstream's own words for what came of it. */
export type RedemptionCode = "reset" | "nothing_to_reset" | "no_credit" | "already_redeemed";

export type RedemptionAnswer =
  | { readonly kind: "answered"; readonly code: RedemptionCode; readonly windowsReset: number }
  /** The token was refused; a renewed one may be taken. */
  | { readonly kind: "unauthorized"; readonly status: number; readonly code: string | null }
  /** Whether anything was redeemed is not known. */
  | { readonly kind: "unreachable"; readonly message: string };

export interface ResetRedeemer {
  redeem(request: UsageRequest, requestId: string): Promise<RedemptionAnswer>;
}

const codes: ReadonlySet<unknown> = new Set(["reset", "nothing_to_reset", "no_credit", "already_redeemed"]);

export function createResetRedeemer(options: UsageReaderOptions): ResetRedeemer {
  const url = consumeUrl(options.upstreamUrl);
  const { origin } = new URL(url);
  return {
    async redeem(request, requestId) {
      const answer = await fetchSmall({
        dispatcher: options.transport.dispatcherFor(request.accountId, origin),
        url,
        method: "POST",
        headers: { ...credentialHeaders(request, options.userAgent), "content-type": "application/json" },
        body: JSON.stringify({ redeem_request_id: requestId }),
        timeoutMs: options.timeoutMs,
      });
      if (!answer.ok) return { kind: "unreachable", message: answer.message };
      const { status, json } = answer;
      const code = json?.["code"];
      if (isRedemptionCode(code)) return { kind: "answered", code, windowsReset: countOf(json?.["windows_reset"]) };
      // A page instead of JSON is about the address we come from, not the login.
      if ((status === 401 || status === 403) && json) return { kind: "unauthorized", status, code: codeOf(json) };
      return { kind: "unreachable", message: `the endpoint for reset credits answered ${status}` };
    },
  };
}

/** Beside the usage endpoint, whichever of the two places that has. */
export function consumeUrl(upstreamUrl: string): string {
  return usageUrl(upstreamUrl).replace(/usage$/, "rate-limit-reset-credits/consume");
}

function isRedemptionCode(code: unknown): code is RedemptionCode {
  return codes.has(code);
}

/** Told as a number, or as the list of the windows. */
function countOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === "number" ? value : 0;
}
