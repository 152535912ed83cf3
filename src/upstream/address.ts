// Where requests go: the upstream's address from what the operator wrote.

export interface UpstreamAddress {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path before the operation, without a slash at its end. */
  readonly prefix: string;
  /** The ChatGPT Codex backend speaks a narrower dialect than the public API. */
  readonly isCodexBackend: boolean;
}

const CODEX_PATH = "/backend-api/codex";
const CHATGPT_HOSTS: ReadonlySet<string> = new Set(["chatgpt.com", "chat.openai.com"]);

/** What people write for the ChatGPT backend when they do not write the whole path. */
const SHORT_PATHS: ReadonlySet<string> = new Set(["", "/backend-api"]);
const VERSIONED = /\/v\d+$/;

/** A bare ChatGPT host gets the Codex path; a path that is neither that nor ends in a version gets `/v1`. */
export function parseUpstreamAddress(address: string): UpstreamAddress {
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, "");
  const isBareChatgpt = CHATGPT_HOSTS.has(url.hostname) && SHORT_PATHS.has(path);
  const isCodexBackend = isBareChatgpt || path.includes(CODEX_PATH);
  if (isBareChatgpt) return { origin: url.origin, prefix: CODEX_PATH, isCodexBackend };
  const prefix = isCodexBackend || VERSIONED.test(path) ? path : `${path}/v1`;
  return { origin: url.origin, prefix, isCodexBackend };
}
