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

export interface KeySource {
  /** Reads all keys again; call once at start and after every change. */
  load(): Promise<void>;
  findByHash(hash: string): AdmittedKey | null;
  touch(keyId: string, at: number): void;
}

/** Finding by a hash leaks nothing by its timing: whoever could choose the hash would already know the secret. */
export function createKeySource(store: Store): KeySource {
  let byHash: ReadonlyMap<string, AdmittedKey> = new Map();
  return {
    async load() {
      const keys = await store.keys.list();
      byHash = new Map(keys.map((key) => [key.hash, toAdmittedKey(key)]));
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
