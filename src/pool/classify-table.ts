// The classification table: what an upstream's refusal means. First matching row wins: structured codes first, exact
// messages second, bare statuses last; never loose words.
// Facts: answers of the ChatGPT Codex backend and the OpenAI API as documented and as reported in public issue threads
// of openai/codex, router-for-me/CLIProxyAPI and Soju06/codex-lb.

import type { FailureClass, FailureCode, FailureRetry, FailureScope } from "../contract/failure.ts";
import type { Observation } from "./observation.ts";

/** How long the blamed one rests; `cooldown.ts` turns it into a time. */
export type Rest = "none" | "until_reset" | "as_told" | "short" | "half_day";

export interface Verdict {
  readonly code: FailureCode;
  readonly class: FailureClass;
  readonly scope: FailureScope;
  readonly retry: FailureRetry;
  readonly rest: Rest;
}

export interface Row {
  readonly title: string;
  readonly phases?: ReadonlyArray<Observation["phase"]>;
  readonly statuses?: readonly number[];
  /** Matches the error's code or type. */
  readonly words?: readonly string[];
  /** Matches the whole message. */
  readonly message?: RegExp;
  readonly isHtml?: boolean;
  /** Matches an error with neither code nor type. */
  readonly isNameless?: boolean;
  readonly verdict: Verdict;
}

function verdict(
  code: FailureCode,
  kind: readonly [FailureClass, FailureScope],
  retry: FailureRetry,
  rest: Rest = "none",
): Verdict {
  return { code, class: kind[0], scope: kind[1], retry, rest };
}

const QUOTA = ["quota", "account"] as const;
const RATE = ["rate_limit", "account"] as const;
const REQUEST = ["request", "request"] as const;
const CREDENTIAL = ["credential", "account"] as const;
const OVERLOAD = ["overload", "request"] as const;
const MODEL = ["model", "account_model"] as const;
const HOST = ["host", "host"] as const;

/** Also those nobody has seen yet: a 5xx is never the request's or an account's fault. */
const everyServerError = Array.from({ length: 100 }, (_, index) => 500 + index);

export const rows: readonly Row[] = [
  {
    title: "a quota window is used up, whatever the status",
    words: ["usage_limit_reached"],
    verdict: verdict("usage_limit_reached", QUOTA, "next", "until_reset"),
  },
  {
    title: "no credit left",
    words: ["insufficient_quota", "quota_exceeded", "billing_hard_limit_reached"],
    verdict: verdict("insufficient_quota", QUOTA, "next", "until_reset"),
  },
  {
    title: "the plan does not include this use",
    words: ["usage_not_included"],
    verdict: verdict("usage_not_included", QUOTA, "next", "until_reset"),
  },
  {
    title: "the conversation is too long for the model",
    words: ["context_length_exceeded"],
    verdict: verdict("context_length_exceeded", REQUEST, "never"),
  },
  {
    title: "reasoning or compaction sealed by another account",
    words: ["invalid_encrypted_content"],
    verdict: verdict("invalid_encrypted_content", REQUEST, "strip"),
  },
  {
    title: "sealed content refused without a code",
    statuses: [200, 400],
    message:
      /^(The encrypted content .* could not be (verified|decrypted).*|Encrypted function output content could not be decrypted.*)$/s,
    verdict: verdict("invalid_encrypted_content", REQUEST, "strip"),
  },
  {
    title: "an earlier response is not known here",
    words: ["previous_response_not_found"],
    verdict: verdict("previous_response_not_found", REQUEST, "never"),
  },
  {
    title: "an earlier response is not known here, told in words",
    statuses: [400, 404],
    message: /^Invalid `previous_response_id`\.?$/,
    verdict: verdict("previous_response_not_found", REQUEST, "never"),
  },
  {
    title: "refused by policy",
    words: ["cyber_policy", "content_policy_violation", "invalid_prompt"],
    verdict: verdict("content_policy", REQUEST, "never"),
  },
  {
    title: "the plan has not got the model",
    message: /^The '[^']+' model is not supported when using Codex with a ChatGPT account\.?$/,
    verdict: verdict("model_not_supported", MODEL, "next", "half_day"),
  },
  {
    title: "the upstream does not know the model",
    words: ["model_not_found", "model_not_supported"],
    verdict: verdict("model_not_supported", MODEL, "next", "half_day"),
  },
  {
    title: "another vendor's upstream does not know the model or the deployment",
    statuses: [404],
    words: ["not_found_error", "NOT_FOUND", "DeploymentNotFound"],
    verdict: verdict("model_not_supported", MODEL, "next", "half_day"),
  },
  {
    title: "the API key is not accepted, whatever the status",
    words: ["invalid_api_key", "API_KEY_INVALID"],
    statuses: [400, 401, 403],
    verdict: verdict("token_invalidated", CREDENTIAL, "refresh", "short"),
  },
  {
    title: "the account is closed",
    words: [
      "account_deactivated",
      "account_suspended",
      "account_deleted",
      "deactivated_workspace",
      "workspace_deactivated",
    ],
    verdict: verdict("account_deactivated", CREDENTIAL, "next"),
  },
  {
    title: "the login may not use Codex in this workspace",
    words: ["codex_workspace_access_denied", "workspace_access_denied", "codex_access_denied"],
    verdict: verdict("workspace_denied", CREDENTIAL, "next"),
  },
  {
    title: "a burst limit",
    words: ["rate_limit_exceeded", "rate_limit_error", "tokens", "requests"],
    statuses: [200, 400, 429],
    verdict: verdict("rate_limit_exceeded", RATE, "next", "as_told"),
  },
  {
    title: "the model or the server is overloaded, whatever the status",
    words: ["server_is_overloaded", "slow_down", "overloaded_error"],
    verdict: verdict("server_is_overloaded", OVERLOAD, "same"),
  },
  {
    title: "overload told in words",
    message: /^Selected model is at capacity\. Please try a different model\.?$/,
    verdict: verdict("server_is_overloaded", OVERLOAD, "same"),
  },
  {
    title: "a challenge page, which is about the network and not the account",
    statuses: [200, 401, 403, 429, 503],
    isHtml: true,
    verdict: verdict("upstream_challenge", HOST, "next"),
  },
  {
    title: "the token is not accepted",
    statuses: [401],
    verdict: verdict("token_invalidated", CREDENTIAL, "refresh", "short"),
  },
  {
    title: "payment required",
    statuses: [402],
    verdict: verdict("insufficient_quota", QUOTA, "next", "until_reset"),
  },
  {
    title: "a refusal of the account without a known reason",
    statuses: [403],
    verdict: verdict("access_denied", CREDENTIAL, "next", "short"),
  },
  {
    title: "too many requests",
    statuses: [429],
    verdict: verdict("rate_limit_exceeded", RATE, "next", "as_told"),
  },
  {
    title: "the request is too large",
    statuses: [413],
    verdict: verdict("request_too_large", REQUEST, "never"),
  },
  {
    title: "the upstream is in trouble",
    statuses: [408, ...everyServerError],
    verdict: verdict("upstream_error", HOST, "same"),
  },
  {
    title: "a redirect, which is not followed with credentials",
    statuses: [301, 302, 303, 307, 308],
    verdict: verdict("upstream_error", HOST, "next"),
  },
  {
    title: "trouble of the upstream told inside a stream",
    phases: ["stream"],
    words: ["server_error", "internal_server_error", "api_error"],
    verdict: verdict("upstream_error", HOST, "same"),
  },
  {
    title: "a failure inside a stream that gives no reason",
    phases: ["stream"],
    statuses: [200],
    isNameless: true,
    verdict: verdict("upstream_error", HOST, "same"),
  },
  {
    title: "no connection",
    phases: ["connect"],
    verdict: verdict("upstream_unreachable", HOST, "same"),
  },
  {
    title: "no answer in time",
    phases: ["wait"],
    verdict: verdict("upstream_timeout", HOST, "next"),
  },
  {
    title: "the answer broke off before it said anything",
    phases: ["stream"],
    statuses: [],
    verdict: verdict("upstream_stream_truncated", HOST, "same"),
  },
];

/** Anything else is the request's own fault and the client's to read. */
export const requestFault: Verdict = verdict("invalid_request", REQUEST, "never");
