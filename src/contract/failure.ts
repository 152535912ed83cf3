// The words for everything that can go wrong with a gateway request. Pool, gateway and wire formats all speak this type;
// how a failure looks to a client is decided by each wire format alone.

/** What kind of fault it is; decides who is to blame and how long to wait. */
export type FailureClass =
  | "request"
  | "credential"
  | "quota"
  | "rate_limit"
  | "overload"
  | "host"
  | "model"
  | "gateway";

/** Who the fault belongs to: nobody but the request, one account, one account for one model, or a whole host. */
export type FailureScope = "request" | "account" | "account_model" | "host";

/**
 * What may be done before anything has reached the client: try the same account again, renew its token first, go on to the
 * next account, strip what is bound to another account and repeat, or give the answer to the client.
 */
export type FailureRetry = "same" | "refresh" | "next" | "strip" | "never";

export interface Failure {
  /** Stable lower-snake reason, shown to people and programs. */
  readonly code: FailureCode;
  readonly class: FailureClass;
  readonly scope: FailureScope;
  readonly retry: FailureRetry;
  /** One sentence for people; never holds a secret. */
  readonly message: string;
  /** Path of the request's field that is at fault, when one is. */
  readonly param?: string;
  /** Epoch ms at which the blamed account, model or host is expected to serve again. */
  readonly until?: number;
  /** Whether the upstream named that time itself. */
  readonly isUntilTold?: boolean;
  /** The upstream's own answer, when it is the client's to see. */
  readonly answer?: UpstreamAnswer;
}

/** A whole upstream answer kept for judging and, for faults of the request itself, for the client. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

export type FailureCode =
  // the request's own fault, told by an upstream
  | "invalid_request"
  | "context_length_exceeded"
  | "request_too_large"
  | "invalid_encrypted_content"
  | "previous_response_not_found"
  | "content_policy"
  // credentials
  | "token_expired"
  | "token_invalidated"
  | "sign_in_required"
  | "account_deactivated"
  | "workspace_denied"
  | "access_denied"
  // quota and rate
  | "usage_limit_reached"
  | "insufficient_quota"
  | "usage_not_included"
  | "rate_limit_exceeded"
  // hosts and upstream trouble
  | "server_is_overloaded"
  | "upstream_error"
  | "upstream_challenge"
  | "upstream_unreachable"
  | "upstream_timeout"
  | "upstream_stream_truncated"
  // models
  | "model_not_supported"
  // the gateway's own words
  | "missing_key"
  | "unknown_key"
  | "key_disabled"
  | "login_instead_of_key"
  | "no_account_available"
  | "not_found"
  | "method_not_allowed"
  | "unsupported_encoding"
  | "client_closed"
  | "shutting_down"
  | "internal_error";
