// The providers in memory, kept equal to the store, with everybody told when one changes.

import type { Provider } from "../../contract/provider.ts";
import { Listeners } from "../../kit/listeners.ts";
import type { Store } from "../../store/open-store.ts";

export interface ProviderSource {
  /** Reads all providers; call once, before anything else, and again after the store was changed. */
  load(): Promise<void>;
  find(id: string): Provider | null;
  /** In the user's order. The same list until a provider changes. */
  list(): readonly Provider[];
  /** Returns the unsubscriber. */
  onChange(listener: () => void): () => void;
}

export function createProviderSource(store: Pick<Store, "providers">): ProviderSource {
  const changes = new Listeners<[]>();
  let list: readonly Provider[] = [];
  let byId: ReadonlyMap<string, Provider> = new Map();
  return {
    async load() {
      list = await store.providers.list();
      byId = new Map(list.map((provider) => [provider.id, provider]));
      changes.tell();
    },
    find: (id) => byId.get(id) ?? null,
    list: () => list,
    onChange: changes.add,
  };
}
