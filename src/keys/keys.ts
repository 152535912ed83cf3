// Use cases on platform keys: create, list, show again, change, switch on and off, delete. Messages are the ones the
// original program's clients know.

import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../kit/clock.ts";
import type { KeyRecord } from "../store/key-rows.ts";
import type { Store } from "../store/open-store.ts";
import { readEffort, readProfile } from "./key-profile.ts";
import type { KeyProfile } from "./key-profile.ts";
import type { KeySource } from "./key-source.ts";

export interface KeyEdit {
  readonly name?: string | null;
  readonly modelSlug?: string | null;
  readonly reasoningEffort?: string | null;
  readonly protocolType?: string | null;
  readonly upstreamBaseUrl?: string | null;
  readonly staticHeadersJson?: string | null;
  /** Left out: as they are. */
  readonly accountGroupFilter?: readonly string[] | undefined;
  readonly accountTagFilter?: readonly string[] | undefined;
  readonly accountPlanFilter?: readonly string[] | undefined;
  readonly maxInflight?: number | undefined;
}

export type KeyResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export interface Keys {
  list(): Promise<KeyRecord[]>;
  create(edit: KeyEdit): Promise<KeyResult<{ readonly id: string; readonly key: string }>>;
  readSecret(id: string): Promise<KeyResult<{ readonly id: string; readonly key: string }>>;
  /** Model and effort are always written (null clears); the profile only when one of its three fields is a string. */
  updateModel(id: string, edit: KeyEdit): Promise<KeyResult<null>>;
  setEnabled(id: string, isEnabled: boolean): Promise<KeyResult<null>>;
  remove(id: string): Promise<KeyResult<null>>;
}

export interface KeysOptions {
  readonly store: Store;
  readonly source: KeySource;
  readonly clock: Clock;
}

export function createKeys({ store, source, clock }: KeysOptions): Keys {
  async function change(id: string, edit: (key: KeyRecord) => KeyRecord): Promise<KeyResult<null>> {
    const key = await store.keys.find(id);
    if (!key) return failed("api key not found");
    await store.keys.update(edit(key));
    await source.load();
    return done(null);
  }

  return {
    list: () => store.keys.list(),
    async create(edit) {
      const profile = readProfile(edit);
      if (!profile.ok) return profile;
      const secret = randomBytes(32).toString("hex");
      const id = `gk_${randomBytes(6).toString("hex")}`;
      const key: KeyRecord = {
        id,
        hash: hashSecret(secret),
        name: trimmed(edit.name),
        ...profile.value,
        ...readModel(edit),
        ...noKeyLimits,
        ...readLimits(edit),
        status: "active",
        createdAt: clock.now(),
        lastUsedAt: null,
      };
      await store.keys.insert(key, secret);
      await source.load();
      return done({ id, key: secret });
    },
    async readSecret(id) {
      if (id === "") return failed("missing key id");
      const secret = await store.keys.readSecret(id);
      return secret === null ? failed("api key secret not found") : done({ id, key: secret });
    },
    async updateModel(id, edit) {
      if (id === "") return failed("key id required");
      let profile: KeyProfile | null = null;
      if (
        [edit.protocolType, edit.upstreamBaseUrl, edit.staticHeadersJson].some((field) => typeof field === "string")
      ) {
        const read = readProfile(edit);
        if (!read.ok) return read;
        profile = read.value;
      }
      return change(id, (key) => ({ ...key, ...profile, ...readModel(edit), ...readLimits(edit) }));
    },
    setEnabled: async (id, isEnabled) =>
      id === "" ? failed("missing id") : change(id, (key) => ({ ...key, status: isEnabled ? "active" : "disabled" })),
    async remove(id) {
      if (id === "") return failed("missing id");
      if (!(await store.keys.remove(id))) return failed("api key not found");
      await source.load();
      return done(null);
    },
  };
}

/** SHA-256 (hex) of a platform key, as it is stored and looked up. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function readModel(edit: KeyEdit) {
  return { modelSlug: trimmed(edit.modelSlug), reasoningEffort: readEffort(edit.reasoningEffort) };
}

const noKeyLimits = { groupFilter: [], tagFilter: [], planFilter: [], maxInflight: 0 } as const;

/** Those that are given. */
function readLimits({ accountGroupFilter, accountTagFilter, accountPlanFilter, maxInflight }: KeyEdit) {
  return {
    ...(accountGroupFilter && { groupFilter: tidy(accountGroupFilter) }),
    ...(accountTagFilter && { tagFilter: tidy(accountTagFilter) }),
    ...(accountPlanFilter && { planFilter: tidy(accountPlanFilter) }),
    ...(maxInflight !== undefined && { maxInflight }),
  };
}

function tidy(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ""))];
}

function trimmed(value: string | null | undefined): string | null {
  return value?.trim() || null;
}

function done<T>(value: T): KeyResult<T> {
  return { ok: true, value };
}

function failed(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}
