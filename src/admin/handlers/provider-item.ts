// A provider as it may be shown: what may hold secrets is masked, and a mask that comes back changes nothing.

import type { Provider } from "../../contract/provider.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import type { PoolAccount } from "../../pool/account.ts";
import { availability, usualTerms } from "../../pool/availability.ts";
import { toSeconds } from "../handler.ts";

export type ProviderItem = ResultOf<"provider/list">["items"][number];

const MASK = "***";
const SERVING: ReadonlySet<string> = new Set(["ready", "low", "unknown"]);

export function providerItem(provider: Provider, accounts: readonly PoolAccount[], now: number): ProviderItem {
  const { terms, secrets, createdAt, updatedAt, ...own } = provider;
  const held = accounts.filter(({ providerId }) => providerId === provider.id);
  return {
    ...own,
    ...terms,
    models: [...terms.models],
    modelNames: { ...terms.modelNames },
    headers: Object.fromEntries(Object.keys(secrets.headers).map((name) => [name, MASK])),
    proxyUrl: secrets.proxyUrl === null ? null : maskedUrl(secrets.proxyUrl),
    accounts: held.length,
    state: stateOf(provider, held, now),
    createdAt: toSeconds(createdAt),
    updatedAt: toSeconds(updatedAt),
  };
}

function stateOf({ isEnabled }: Provider, held: readonly PoolAccount[], now: number): ProviderItem["state"] {
  if (!isEnabled) return "disabled";
  if (held.length === 0) return "no_key";
  const isServing = held.some((account) => SERVING.has(availability(account, { ...usualTerms, now }).state));
  return isServing ? "ready" : "unavailable";
}

interface SecretEdit {
  readonly headers?: Readonly<Record<string, string>>;
  readonly proxyUrl?: string | null;
}

/** What was shown as a mask and is sent back stands for what is there. */
export function unmasked<T extends SecretEdit>(edit: T, present: Provider | null): T {
  const { headers, proxyUrl } = edit;
  const { secrets = null } = present ?? {};
  const kept = secrets?.headers ?? {};
  const isShown = proxyUrl != null && secrets?.proxyUrl != null && proxyUrl === maskedUrl(secrets.proxyUrl);
  return {
    ...edit,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, value === MASK ? (kept[name] ?? value) : value]),
      ),
    }),
    ...(isShown && { proxyUrl: secrets.proxyUrl }),
  };
}

function maskedUrl(text: string): string {
  const url = new URL(text);
  if (url.username !== "") url.username = MASK;
  if (url.password !== "") url.password = MASK;
  return url.href;
}
