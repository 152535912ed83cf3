// The models the pool as a whole can serve: the union of what its accounts are told, asked once per plan and kept a
// while. Given to Codex in its own catalogue shape, to everyone else as the public list.

import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { builtInModels, knownModels } from "./known-models.ts";
import type { KnownModels } from "./model-names.ts";
import type { PoolAccount } from "../pool/account.ts";
import type { PoolView } from "../pool/pool.ts";
import { whyNot } from "../pool/eligibility.ts";
import type { ModelRow } from "../upstream/chatgpt/models.ts";

export interface Catalogue {
  readonly models: readonly ModelRow[];
  readonly etag: string;
}

export interface CatalogueParts {
  readonly roster: PoolView;
  readonly now: () => number;
  /** The catalogue of one account, or null when it could not be had. */
  readonly fetch: (account: PoolAccount, clientVersion: string) => Promise<readonly ModelRow[] | null>;
}

const FRESH_MS = 5 * 60 * 1000;
/** The Codex release whose catalogue is asked for when the client does not say which it is. */
export const DEFAULT_CLIENT_VERSION = "0.169.0";

interface Entry {
  readonly catalogue: Catalogue;
  readonly fetchedAt: number;
}

export class Catalogues {
  readonly #parts: CatalogueParts;
  /** By client version, which is the client's to say: so many and no more, the one asked for last in front. */
  readonly #entries = new LRUCache<string, Entry>({ max: 8 });
  #known = builtInModels;
  readonly #running = new Map<string, Promise<Catalogue | null>>();

  constructor(parts: CatalogueParts) {
    this.#parts = parts;
  }

  /** Of every catalogue that is remembered, but for those of old releases, which are told of fewer models. */
  get known(): KnownModels {
    return this.#known;
  }

  /** The etag that clients of this version were given last; null when they have asked for no catalogue. */
  etagFor(clientVersion: string): string | null {
    return this.#entries.peek(clientVersion)?.catalogue.etag ?? null;
  }

  /** Null when no account could be asked and nothing is remembered. `isForced` asks again although it is fresh. */
  async get(clientVersion = DEFAULT_CLIENT_VERSION, isForced = false): Promise<Catalogue | null> {
    const entry = this.#entries.get(clientVersion);
    const isFresh = entry !== undefined && this.#parts.now() - entry.fetchedAt < FRESH_MS;
    if (isFresh && !isForced) return entry.catalogue;
    return (await this.#ask(clientVersion)) ?? entry?.catalogue ?? null;
  }

  /** Asks again for what clients were given last, and for what names mean; false when no account answered. */
  async refresh(): Promise<boolean> {
    const [clientVersion = DEFAULT_CLIENT_VERSION] = this.#entries.keys();
    const isKnown = !isOld(clientVersion) || (await this.#ask(DEFAULT_CLIENT_VERSION)) !== null;
    return (await this.#ask(clientVersion)) !== null && isKnown;
  }

  #ask(clientVersion: string): Promise<Catalogue | null> {
    const running = this.#running.get(clientVersion) ?? this.#refresh(clientVersion);
    this.#running.set(clientVersion, running);
    return running;
  }

  async #refresh(clientVersion: string): Promise<Catalogue | null> {
    try {
      const lists = await Promise.all(this.#onePerPlan().map((account) => this.#parts.fetch(account, clientVersion)));
      const models = union(lists);
      if (models.length === 0) return null;
      const catalogue = { models, etag: `"${hash("sha1", JSON.stringify(models))}"` };
      this.#entries.set(clientVersion, { catalogue, fetchedAt: this.#parts.now() });
      if (!isOld(clientVersion)) this.#known = knownModels(union(this.#newestFirst()));
      return catalogue;
    } finally {
      this.#running.delete(clientVersion);
    }
  }

  #newestFirst(): Array<readonly ModelRow[]> {
    const current = [...this.#entries.entries()].filter(([version]) => !isOld(version));
    return current.toSorted(([a], [b]) => byRelease.compare(b, a)).map(([, { catalogue }]) => catalogue.models);
  }

  /** What an account may use follows from its plan; accounts that can serve now are asked first. */
  #onePerPlan(): PoolAccount[] {
    const now = this.#parts.now();
    const chosen = new Map<string, PoolAccount>();
    const usable = this.#parts.roster.inOrder.filter(
      ({ providerId, isEnabled, facts }) => providerId === null && isEnabled && facts.login.state === "ok",
    );
    for (const account of usable) {
      const plan = account.plan ?? account.facts.reading?.plan ?? "";
      const before = chosen.get(plan);
      const isBetter =
        before === undefined || (whyNot(before, null, now) !== null && whyNot(account, null, now) === null);
      if (isBetter) chosen.set(plan, account);
    }
    return [...chosen.values()];
  }
}

const byRelease = new Intl.Collator("en", { numeric: true });

function isOld(clientVersion: string): boolean {
  return byRelease.compare(clientVersion, DEFAULT_CLIENT_VERSION) < 0;
}

function union(lists: ReadonlyArray<readonly ModelRow[] | null>): ModelRow[] {
  const rows = new Map<string, ModelRow>();
  for (const row of lists.flatMap((list) => list ?? [])) {
    if (!rows.has(row.slug)) rows.set(row.slug, row);
  }
  return [...rows.values()];
}
