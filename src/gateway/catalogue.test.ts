import { describe, expect, test } from "vitest";
import { VirtualClock } from "../kit/virtual-clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import { account, blocked, HOUR, MINUTE, now, pool } from "../pool/testing.ts";
import { Catalogues, DEFAULT_CLIENT_VERSION } from "./catalogue.ts";

const rows = (...slugs: string[]) => slugs.map((slug) => ({ slug, display_name: slug.toUpperCase() }));

function bench(accounts: readonly PoolAccount[], lists: Record<string, ReturnType<typeof rows> | null>) {
  const clock = new VirtualClock(now);
  const asked: string[] = [];
  const catalogues = new Catalogues({
    roster: pool(accounts),
    now: () => clock.now(),
    fetch: async ({ id }, version) => {
      asked.push(`${id} ${version}`);
      return lists[id] ?? null;
    },
  });
  const slugs = async (version = "1") => (await catalogues.get(version))?.models.map(({ slug }) => slug) ?? null;
  return { clock, asked, catalogues, lists, slugs };
}

const plus = (id: string) => account(id, { plan: "plus" });
const pro = (id: string) => account(id, { plan: "pro" });

describe("the catalogue", () => {
  test("is the union over plans, one account of each asked, the first to name a model deciding how it looks", async () => {
    const { slugs, asked, catalogues } = bench([plus("a"), plus("b"), pro("c")], {
      a: rows("m1", "m2"),
      c: [{ slug: "m2", display_name: "other" }, ...rows("m3")],
    });
    expect(await slugs()).toEqual(["m1", "m2", "m3"]);
    expect(asked).toEqual(["a 1", "c 1"]);
    expect((await catalogues.get("1"))?.models[1]).toEqual({ slug: "m2", display_name: "M2" });
  });

  test("asks an account that can serve rather than one that rests, and never one that is disabled or signed out", async () => {
    const signedOut = account("d", { plan: "team", facts: { login: { state: "sign_in", code: "x", since: 0 } } });
    const resting = { ...blocked("a", { until: now + HOUR }), plan: "plus" };
    const { slugs, asked } = bench([resting, plus("b"), account("c", { plan: "pro", isEnabled: false }), signedOut], {
      b: rows("m"),
    });
    expect(await slugs()).toEqual(["m"]);
    expect(asked).toEqual(["b 1"]);
  });

  test("asks one that rests when there is no other of its plan", async () => {
    expect(await bench([blocked("a")], { a: rows("m") }).slugs()).toEqual(["m"]);
  });

  test("is asked for anew after five minutes, or when that is demanded", async () => {
    const { slugs, asked, clock, catalogues, lists } = bench([plus("a")], { a: rows("m1") });
    await slugs();
    clock.advance(5 * MINUTE - 1);
    await slugs();
    expect(asked).toHaveLength(1);
    lists["a"] = rows("m2");
    clock.advance(1);
    expect(await slugs()).toEqual(["m2"]);
    await catalogues.get("1", true);
    expect(asked).toHaveLength(3);
  });

  test("of before is given when nobody can be asked; without one there is none", async () => {
    const { slugs, clock, lists } = bench([plus("a")], { a: rows("m") });
    await slugs();
    lists["a"] = null;
    clock.advance(6 * MINUTE);
    expect(await slugs()).toEqual(["m"]);
    expect(await slugs("other version")).toBeNull();
    expect(await bench([], {}).slugs()).toBeNull();
  });

  test("that clients were given last is the one refreshed, and whether that worked is told", async () => {
    const { catalogues, asked, lists } = bench([plus("a")], { a: rows("m") });
    expect(await catalogues.refresh()).toBe(true);
    await catalogues.get("7");
    expect(await catalogues.refresh()).toBe(true);
    expect(asked).toEqual([`a ${DEFAULT_CLIENT_VERSION}`, "a 7", "a 7"]);
    lists["a"] = null;
    expect(await catalogues.refresh()).toBe(false);
    expect((await catalogues.get("7"))?.models).toHaveLength(1);
  });

  test("is fetched once for all who ask at the same time", async () => {
    const { slugs, asked } = bench([plus("a")], { a: rows("m") });
    expect(await Promise.all([slugs(), slugs(), slugs("2")])).toEqual([["m"], ["m"], ["m"]]);
    expect(asked).toEqual(["a 1", "a 2"]);
  });

  test("has an etag that changes with its models, and is known for each client version", async () => {
    const { catalogues, lists } = bench([plus("a")], { a: rows("m1") });
    expect(catalogues.etagFor("1")).toBeNull();
    const first = (await catalogues.get("1"))?.etag;
    expect(first).toMatch(/^"\w+"$/);
    lists["a"] = rows("m2");
    const second = (await catalogues.get("2"))?.etag;
    expect(second).not.toBe(first);
    expect([catalogues.etagFor("1"), catalogues.etagFor("2")]).toEqual([first, second]);
  });

  test("is kept for a few client versions, not for as many as a client makes up", async () => {
    const { slugs, asked } = bench([plus("a")], { a: rows("m") });
    for (let version = 0; version < 20; version += 1) await slugs(String(version));
    await slugs("0");
    await slugs("19");
    expect(asked).toHaveLength(21);
  });
});

describe("what names mean", () => {
  const NEW = "0.170.0";
  const OLD = "0.101.0";

  function releases(lists: Record<string, ReturnType<typeof rows> | null>) {
    const clock = new VirtualClock(now);
    const asked: string[] = [];
    const fetch = async (_account: PoolAccount, version: string) => {
      asked.push(version);
      return lists[version] ?? null;
    };
    return { catalogues: new Catalogues({ roster: pool([plus("a")]), now: () => clock.now(), fetch }), asked, lists };
  }

  test("is not changed by a client of an old release, which is told of fewer models", async () => {
    const { catalogues } = releases({ [DEFAULT_CLIENT_VERSION]: rows("large", "tiny-mini"), [OLD]: rows("old") });
    await catalogues.get();
    await catalogues.get(OLD);
    expect(catalogues.known).toMatchObject({ strongest: "large", small: "tiny-mini" });
    expect(catalogues.known.slugs).not.toContain("old");
  });

  test("takes in what newer releases are told of, whoever asked last", async () => {
    const { catalogues } = releases({ [DEFAULT_CLIENT_VERSION]: rows("large"), [NEW]: rows("larger", "large") });
    await catalogues.get(NEW);
    await catalogues.get();
    expect(catalogues.known).toMatchObject({ strongest: "larger" });
    expect([...catalogues.known.slugs]).toEqual(["larger", "large"]);
  });

  test("is kept fresh although only clients of an old release ask, and so is what they are told", async () => {
    const { catalogues, asked, lists } = releases({ [DEFAULT_CLIENT_VERSION]: rows("large"), [OLD]: rows("old") });
    await catalogues.get(OLD);
    expect(await catalogues.refresh()).toBe(true);
    expect(catalogues.known.strongest).toBe("large");
    expect(await catalogues.refresh()).toBe(true);
    expect(asked).toEqual([OLD, DEFAULT_CLIENT_VERSION, OLD, DEFAULT_CLIENT_VERSION, OLD]);
    lists[DEFAULT_CLIENT_VERSION] = null;
    expect(await catalogues.refresh()).toBe(false);
  });
});
