// Platform keys as the gateway asks for them: found in memory by the hash of their secret.

import { Listeners } from "../kit/listeners.ts";
import { type Filter, filterOf } from "../pool/filter.ts";
import type { KeyRecord } from "../store/key-rows.ts";
import type { Store } from "../store/open-store.ts";

export interface AdmittedKey {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Model and effort that replace what the request says; null leaves the request alone. */
  readonly model: string | null;
  readonly reasoningEffort: string | null;
  /** The accounts it may use. */
  readonly filter: Filter;
  /** Most requests it may have under way at once; 0 sets no limit. */
  readonly maxInflight: number;
}

type ChangeListener = (keyId: string, isRemoved: boolean) => void;

export interface KeySource {
  /** Reads all keys again; call once at start and after every change. */
  load(): Promise<void>;
  /** Hears of every key that a later load finds added, changed or gone. Returns the unsubscriber. */
  onChange(listener: ChangeListener): () => void;
  find(keyId: string): AdmittedKey | null;
  findByHash(hash: string): AdmittedKey | null;
  touch(keyId: string, at: number): void;
}

/** Finding by a hash leaks nothing by its timing: whoever could choose the hash would already know the secret. */
export function createKeySource(store: Store): KeySource {
  let byHash: ReadonlyMap<string, AdmittedKey> = new Map();
  let records: ReadonlyMap<string, string> | null = null;
  const changes = new Listeners<Parameters<ChangeListener>>();

  function tell(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
    for (const [id, record] of after) if (before.get(id) !== record) changes.tell(id, false);
    for (const id of before.keys()) if (!after.has(id)) changes.tell(id, true);
  }

  return {
    async load() {
      const keys = await store.keys.list();
      byHash = new Map(keys.map((key) => [key.hash, toAdmittedKey(key)]));
      const before = records;
      records = new Map(keys.map((key) => [key.id, JSON.stringify(key)]));
      if (before !== null) tell(before, records);
    },
    onChange: changes.add,
    find: (keyId) => byHash.values().find(({ id }) => id === keyId) ?? null,
    findByHash: (hash) => byHash.get(hash) ?? null,
    touch: (keyId, at) => store.touchKey(keyId, at),
  };
}

function toAdmittedKey(key: KeyRecord): AdmittedKey {
  return {
    id: key.id,
    name: key.name ?? key.id,
    isEnabled: key.status === "active",
    model: key.modelSlug,
    reasoningEffort: key.reasoningEffort,
    filter: filterOf({ groups: key.groupFilter, tags: key.tagFilter, plans: key.planFilter }),
    maxInflight: key.maxInflight,
  };
}
