// Failures that the gateway itself tells, and how stages tell a failure from their value.

import type { Failure, FailureCode } from "../contract/failure.ts";

export function isFailure(value: object): value is Failure {
  return "scope" in value && "retry" in value;
}

/** A failure that blames nobody and that no retry can help with. */
export function gatewayFailure(code: FailureCode, message: string, until?: number): Failure {
  return { code, class: "gateway", scope: "request", retry: "never", message, until };
}

/** The account was disabled, removed or blocked since it was chosen; the next one is asked. */
export const takenOut: Failure = {
  ...gatewayFailure("no_account_available", "The account may no longer be asked."),
  scope: "account",
  retry: "next",
};

/** The setting that limits a whole call has run out. */
export const overdue = gatewayFailure("upstream_timeout", "The request took longer than the limit set for requests.");

export const truncated = gatewayFailure(
  "upstream_stream_truncated",
  "The upstream broke off in the middle of its answer.",
);

export const silent = gatewayFailure("upstream_timeout", "The upstream fell silent in the middle of its answer.");

export const clientLeft = gatewayFailure("client_closed", "The client closed the connection.");
