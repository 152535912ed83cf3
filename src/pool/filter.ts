// Which accounts a request may use: those its platform key is for, and of them those that have its model.

import type { PoolAccount } from "./account.ts";

/** An account needs one of the names of each list; an empty list asks for nothing. Made once per key, by `filterOf`. */
export interface Filter {
  readonly groups: readonly string[];
  readonly tags: readonly string[];
  readonly plans: readonly string[];
  /** Ids of the providers that serve it, `LOGINS` for the logins; null for all. */
  readonly providers: readonly string[] | null;
  /** Equal for filters that let the same accounts pass; empty when all do. */
  readonly key: string;
}

/** Stands for the logins where providers are named. */
export const LOGINS = "";

export const noFilter: Filter = { groups: [], tags: [], plans: [], providers: null, key: "" };

export function filterOf({ groups, tags, plans }: Pick<Filter, "groups" | "tags" | "plans">): Filter {
  if (groups.length + tags.length + plans.length === 0) return noFilter;
  return { groups, tags, plans, providers: null, key: JSON.stringify([groups, tags, plans]) };
}

/** The same for these providers only. */
export function ofProviders(filter: Filter, providers: readonly string[]): Filter {
  return { ...filter, providers, key: `${filter.key}\n${providers.join(" ")}` };
}

export function passes({ groupName, tags, plan, providerId }: PoolAccount, filter: Filter): boolean {
  if (filter === noFilter) return true;
  if (filter.providers !== null && !filter.providers.includes(providerId ?? LOGINS)) return false;
  if (filter.groups.length > 0 && !filter.groups.includes(groupName)) return false;
  if (filter.plans.length > 0 && !filter.plans.includes(plan ?? "")) return false;
  return filter.tags.length === 0 || filter.tags.some((tag) => tags.includes(tag));
}
