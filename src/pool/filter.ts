// Which accounts a platform key may use.

import type { PoolAccount } from "./account.ts";

/** An account needs one of the names of each list; an empty list asks for nothing. Made once per key, by `filterOf`. */
export interface Filter {
  readonly groups: readonly string[];
  readonly tags: readonly string[];
  readonly plans: readonly string[];
  /** Equal for filters that let the same accounts pass; empty when all do. */
  readonly key: string;
}

export const noFilter: Filter = { groups: [], tags: [], plans: [], key: "" };

export function filterOf({ groups, tags, plans }: Omit<Filter, "key">): Filter {
  if (groups.length + tags.length + plans.length === 0) return noFilter;
  return { groups, tags, plans, key: JSON.stringify([groups, tags, plans]) };
}

export function passes({ groupName, tags, plan }: PoolAccount, filter: Filter): boolean {
  if (filter === noFilter) return true;
  if (filter.groups.length > 0 && !filter.groups.includes(groupName)) return false;
  if (filter.plans.length > 0 && !filter.plans.includes(plan ?? "")) return false;
  return filter.tags.length === 0 || filter.tags.some((tag) => tags.includes(tag));
}
