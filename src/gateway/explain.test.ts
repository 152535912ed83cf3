import { describe, expect, test } from "vitest";
import { defaultSettings as settings } from "../contract/settings/table.ts";
import { account, blocked, HOUR, now, pool, SECOND } from "../pool/testing.ts";
import { explainRoute, type RouteQuestion } from "./explain.ts";
import { builtInModels } from "./known-models.ts";
import { nameHash } from "./plan.ts";
import { noKeyLimits, noProviders } from "./ports.ts";
import { Serving } from "./providers/serving.ts";

const key = { id: "gk_1", name: "mine", isEnabled: true, model: null, reasoningEffort: null, ...noKeyLimits };
const onlyLogins = { providers: noProviders, serving: new Serving(noProviders, () => true) };
const usual: RouteQuestion = { key: null, model: "m", conversation: null, limit: 10 };

function explain(accounts: Parameters<typeof pool>[0], question: Partial<RouteQuestion> = {}, bound: string[] = []) {
  const [name = "", accountId = null] = bound;
  const findBound = async (conversation: string) => (conversation === name ? accountId : null);
  return explainRoute(
    { ...usual, ...question },
    { pool: pool(accounts), findBound, settings, knownModels: builtInModels, ...onlyLogins, now },
  );
}

describe("the route of a request that nobody has sent", () => {
  test("names who would serve, who not, and when the first of those is back", async () => {
    const accounts = [blocked("a"), account("b", { isEnabled: false }), account("c"), account("d")];
    const told = await explain(accounts, { limit: 1 });
    expect(told).toMatchObject({ next: { account: { id: "c" }, reason: "ordered", waitsUntil: null }, verdict: null });
    expect(told).toMatchObject({ candidateCount: 2, skippedCount: 2, capacityReturnsAt: now + HOUR });
    expect(told.candidates.map((each) => each.account.id)).toEqual(["c"]);
    expect(told.skipped).toEqual([{ accountId: "a", label: "a", reason: "usage_limit_reached", until: now + HOUR }]);
  });

  test("is the conversation's own, named by the client or by its hash", async () => {
    const bound = [nameHash("gk_1", "thread"), "b"];
    const own = { account: { id: "b" }, reason: "bound" };
    const accounts = [account("a"), account("b")];
    expect((await explain(accounts, { key, conversation: "thread" }, bound)).next).toMatchObject(own);
    expect((await explain(accounts, { conversation: bound[0] ?? "" }, bound)).next).toMatchObject(own);
    expect((await explain(accounts, { conversation: "thread" }, bound)).next).toMatchObject({ account: { id: "a" } });
  });

  test("waits for the conversation's own account when that is back in a moment", async () => {
    const soon = blocked("a", { until: now + SECOND });
    const told = await explain([soon, account("b")], { conversation: "c" }, ["c", "a"]);
    expect(told.next).toMatchObject({ account: { id: "a" }, reason: "bound", waitsUntil: now + SECOND });
    const late = await explain([blocked("a"), account("b")], { conversation: "c" }, ["c", "a"]);
    expect(late.next).toMatchObject({ account: { id: "b" }, reason: "ordered" });
  });

  test("counts with the model that the key lays down", async () => {
    const accounts = [blocked("a", { model: "x", code: "model_not_supported" }), account("b")];
    expect((await explain(accounts, { key: { ...key, model: "x" } })).next).toMatchObject({ account: { id: "b" } });
  });

  test("says which model a name means, and why", async () => {
    const told = await explain([account("a")], { model: "claude-opus-5-5" });
    expect(told).toMatchObject({ model: builtInModels.strongest, modelReason: "substitute" });
    expect(await explain([account("a")], { key: { ...key, model: "x" } })).toMatchObject({
      model: "x",
      modelReason: "key",
    });
    expect(await explain([account("a")], { model: null })).toMatchObject({ model: null, modelReason: null });
  });

  test("ends with what the client would be told when nobody can serve", async () => {
    const told = await explain([blocked("a")]);
    expect(told).toMatchObject({ next: null, verdict: { code: "usage_limit_reached", until: now + HOUR } });
    expect(await explain([])).toMatchObject({ verdict: { code: "no_account_available" }, capacityReturnsAt: null });
  });
});
