// Platform keys as the gateway asks for them: found in memory by the hash of their secret.

import { type Filter, noFilter } from "../pool/filter.ts";
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
  findByHash(hash: string): AdmittedKey | null;
  touch(keyId: string, at: number): void;
}

/** Finding by a hash leaks nothing by its timing: whoever could choose the hash would already know the secret. */
export function createKeySource(store: Store): KeySource {
  let byHash: ReadonlyMap<string, AdmittedKey> = new Map();
  let records: ReadonlyMap<string, string> | null = null;
  const listeners = new Set<ChangeListener>();

  function tell(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
    const changed = [...after].filter(([id, record]) => before.get(id) !== record);
    const gone = [...before.keys()].filter((id) => !after.has(id));
    for (const listener of listeners) {
      for (const [id] of changed) listener(id, false);
      for (const id of gone) listener(id, true);
    }
  }

  return {
    async load() {
      const keys = await store.keys.list();
      byHash = new Map(keys.map((key) => [key.hash, toAdmittedKey(key)]));
      const before = records;
      records = new Map(keys.map((key) => [key.id, JSON.stringify(key)]));
      if (before !== null) tell(before, records);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
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
    filter: noFilter,
    maxInflight: 0,
  };
}
