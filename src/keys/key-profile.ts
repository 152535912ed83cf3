// What may be set on a platform key: protocol, address of its own, headers, effort. Pure checks with the original's messages.

export interface KeyProfile {
  readonly protocolType: ProtocolType;
  readonly upstreamBaseUrl: string | null;
  readonly staticHeadersJson: string | null;
}

export type ProtocolType = "openai_compat" | "anthropic_native" | "azure_openai";

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

const protocols: Readonly<Record<string, ProtocolType>> = {
  openai: "openai_compat",
  openai_compat: "openai_compat",
  anthropic: "anthropic_native",
  anthropic_native: "anthropic_native",
  azure: "azure_openai",
  azure_openai: "azure_openai",
};

const authSchemes = {
  openai_compat: "authorization_bearer",
  anthropic_native: "x_api_key",
  azure_openai: "api_key",
} as const;

/** The authentication scheme that follows from a protocol. */
export function authSchemeOf(protocol: string): string {
  return authSchemes[protocol as ProtocolType] ?? authSchemes.openai_compat;
}

export function readProfile(edit: {
  readonly protocolType?: string | null;
  readonly upstreamBaseUrl?: string | null;
  readonly staticHeadersJson?: string | null;
}): Checked<KeyProfile> {
  const wanted = edit.protocolType?.trim().toLowerCase() || "openai_compat";
  const protocolType = Object.hasOwn(protocols, wanted) ? protocols[wanted] : undefined;
  if (!protocolType) return { ok: false, error: `unsupported protocol type: ${wanted}` };
  const address = readAddress(edit.upstreamBaseUrl?.trim() || null);
  if (!address.ok) return address;
  const headers = readHeaders(edit.staticHeadersJson?.trim() || null);
  if (!headers.ok) return headers;
  return { ok: true, value: { protocolType, upstreamBaseUrl: address.value, staticHeadersJson: headers.value } };
}

/** low, medium, high, xhigh (also written extra_high); anything else means none. */
export function readEffort(text: string | null | undefined): string | null {
  const effort = text?.trim().toLowerCase().replace("extra_high", "xhigh");
  return effort && ["low", "medium", "high", "xhigh"].includes(effort) ? effort : null;
}

function readAddress(text: string | null): Checked<string | null> {
  if (text === null) return { ok: true, value: null };
  const url = URL.parse(text);
  if (!url) return { ok: false, error: "invalid upstreamBaseUrl" };
  const isHttp = url.protocol === "http:" || url.protocol === "https:";
  return isHttp ? { ok: true, value: text } : { ok: false, error: "invalid upstreamBaseUrl scheme" };
}

function readHeaders(text: string | null): Checked<string | null> {
  if (text === null) return { ok: true, value: null };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, error: `invalid staticHeadersJson: ${(error as Error).message}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, error: "invalid staticHeadersJson: must be an object" };
  }
  const isText = Object.values(value).every((header) => typeof header === "string");
  return isText ? { ok: true, value: text } : { ok: false, error: "invalid staticHeadersJson: values must be strings" };
}
