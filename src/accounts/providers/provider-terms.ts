// What may be said about a provider, and what is wrong with it. Pure.

import {
  type KeyPlace,
  plainTerms,
  type Provider,
  type ProviderFormat,
  type ProviderKind,
  type ProviderTerms,
} from "../../contract/provider.ts";
import { plainText } from "../../kit/plain-text.ts";

/** Fields left out stay as they are. */
export interface ProviderEdit extends Partial<ProviderTerms> {
  readonly name?: string;
  readonly format?: ProviderFormat;
  readonly baseUrl?: string;
  readonly isEnabled?: boolean;
  readonly sort?: number;
  readonly keyId?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly proxyUrl?: string | null;
}

export interface ProviderFault {
  readonly code: "not_found" | "invalid";
  /** Names the field and says what is accepted. */
  readonly message: string;
}

const KEY_PLACES: Readonly<Record<ProviderKind, KeyPlace>> = {
  openai: "bearer",
  azure: "api-key",
  anthropic: "x-api-key",
  gemini: "x-goog-api-key",
  compatible: "bearer",
};

/** The formats each kind can be asked in, the usual one first. */
export const KIND_FORMATS: Readonly<Record<ProviderKind, readonly ProviderFormat[]>> = {
  openai: ["responses", "chat"],
  azure: ["responses", "chat"],
  anthropic: ["messages"],
  gemini: ["gemini"],
  compatible: ["chat", "responses", "messages", "gemini"],
};

const PROXY_SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "socks5:", "socks5h:", "socks:"]);
/** What names and values of headers may hold (RFC 9110). */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Set by the connection itself. */
const OWN_HEADERS: ReadonlySet<string> = new Set(["host", "content-length", "transfer-encoding", "connection"]);

export function plainTermsOf(kind: ProviderKind): ProviderTerms {
  return { ...plainTerms, keyPlace: KEY_PLACES[kind] };
}

export function termsAfter(provider: Provider, edit: ProviderEdit, now: number): Provider {
  const { name, format, baseUrl, isEnabled, sort, keyId, headers, proxyUrl, ...terms } = edit;
  const { secrets } = provider;
  return {
    ...provider,
    name: name === undefined ? provider.name : plainText(name).trim(),
    format: format ?? provider.format,
    baseUrl: (baseUrl ?? provider.baseUrl).trim().replace(/\/+$/, ""),
    isEnabled: isEnabled ?? provider.isEnabled,
    sort: sort ?? provider.sort,
    keyId: keyId === undefined ? provider.keyId : keyId,
    terms: termsOf(provider.terms, terms),
    secrets: {
      headers: headers ?? secrets.headers,
      proxyUrl: proxyUrl === undefined ? secrets.proxyUrl : proxyUrl?.trim() || null,
    },
    updatedAt: now,
  };
}

function termsOf(present: ProviderTerms, edit: Partial<ProviderTerms>): ProviderTerms {
  return {
    keyPlace: edit.keyPlace ?? present.keyPlace,
    models: edit.models === undefined ? present.models : tidy(edit.models),
    modelNames: edit.modelNames ?? present.modelNames,
    apiVersion: edit.apiVersion === undefined ? present.apiVersion : edit.apiVersion?.trim() || null,
    isPaid: edit.isPaid ?? present.isPaid,
    isOnMyNetwork: edit.isOnMyNetwork ?? present.isOnMyNetwork,
    preset: edit.preset === undefined ? present.preset : edit.preset,
  };
}

/** What is wrong with it; null when nothing is. */
export function checkProvider(provider: Provider): ProviderFault | null {
  const { name, kind, format, secrets } = provider;
  if (name === "") return invalid("name: a provider needs one");
  if (!KIND_FORMATS[kind].includes(format)) {
    return invalid(`format: ${kind} is asked in ${KIND_FORMATS[kind].join(", ")}, not in ${format}`);
  }
  return (
    checkAddress(provider.baseUrl, "baseUrl", new Set(["http:", "https:"])) ??
    (secrets.proxyUrl === null ? null : checkAddress(secrets.proxyUrl, "proxyUrl", PROXY_SCHEMES)) ??
    checkHeaders(secrets.headers)
  );
}

function checkAddress(text: string, field: string, schemes: ReadonlySet<string>): ProviderFault | null {
  const url = URL.parse(text);
  const accepted = [...schemes].map((scheme) => `${scheme}//`).join(", ");
  if (url === null || !schemes.has(url.protocol) || url.hostname === "") {
    return invalid(`${field}: needs a whole address that begins with ${accepted}`);
  }
  if (field === "baseUrl" && (url.username !== "" || url.password !== "")) {
    return invalid("baseUrl: holds a name or a password; put the key into an account of the provider instead");
  }
  if (field === "baseUrl" && url.search + url.hash !== "") return invalid("baseUrl: ends before any `?` and `#`");
  return null;
}

function checkHeaders(headers: Readonly<Record<string, string>>): ProviderFault | null {
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) return invalid(`headers: ${JSON.stringify(name)} is no name of a header`);
    if (OWN_HEADERS.has(name.toLowerCase())) return invalid(`headers: ${name} is set by the connection itself`);
    if (!HEADER_VALUE.test(value)) return invalid(`headers: the value of ${name} holds what no header may carry`);
  }
  return null;
}

function tidy(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => plainText(name).trim()).filter((name) => name !== ""))];
}

function invalid(message: string): ProviderFault {
  return { code: "invalid", message };
}
