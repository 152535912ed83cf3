// The headers a request carries to a provider: what its format asks for, the key, and what the user has laid down.
// Facts: platform.claude.com/docs/en/api/versioning, ai.google.dev/gemini-api/docs/api-key.

import type { KeyPlace, Provider, ProviderFormat } from "../contract/provider.ts";

/** The state of the interface that Messages requests are written for. */
const MESSAGES_VERSION: readonly [string, string] = ["anthropic-version", "2023-06-01"];

export interface ProviderHeaderTerms {
  readonly apiKey: string;
  readonly userAgent: string;
  /** What of the client's own headers goes along; they stand behind ours. */
  readonly own?: Readonly<Record<string, string>>;
}

/** Alternating names and values. The user's own headers replace ours of the same name. */
export function providerHeaders(provider: Provider, { apiKey, userAgent, own = {} }: ProviderHeaderTerms): string[] {
  const headers: Record<string, string> = {
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    "user-agent": userAgent,
    ...formatHeaders(provider.format),
    ...own,
    ...keyHeader(provider.terms.keyPlace, apiKey),
  };
  for (const [name, value] of Object.entries(provider.secrets.headers)) headers[name.toLowerCase()] = value;
  return Object.entries(headers).flat();
}

function formatHeaders(format: ProviderFormat): Readonly<Record<string, string>> {
  return format === "messages" ? Object.fromEntries([MESSAGES_VERSION]) : {};
}

function keyHeader(place: KeyPlace, apiKey: string): Readonly<Record<string, string>> {
  if (place === "none" || apiKey === "") return {};
  return place === "bearer" ? { authorization: `Bearer ${apiKey}` } : { [place]: apiKey };
}
