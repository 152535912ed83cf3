import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type AdmittedKey, type KeptResponse, noKeyLimits, noResponses, type ResponseStore } from "../ports.ts";
import { type KeepLimits, KeptResponses } from "./kept-responses.ts";

const roomy: KeepLimits = { daysKept: 1, maxCount: 10, maxBytes: 1_000_000 };
const key: AdmittedKey = { id: "gk_1", name: "", isEnabled: true, model: null, reasoningEffort: null, ...noKeyLimits };

/** What cannot be packed any smaller. */
const noise = (bytes: number) => randomBytes(bytes).toString("base64");

function keeper(limits: KeepLimits = roomy, over: Partial<ResponseStore> = {}) {
  const saved = new Map<string, KeptResponse>();
  const rounds: unknown[] = [];
  const errors: unknown[] = [];
  const store: ResponseStore = {
    ...noResponses,
    find: async (_keyId, id) => saved.get(id) ?? null,
    save: (_keyId, response) => void saved.set(response.id, response),
    retain: async (asked) => void rounds.push(asked),
    ...over,
  };
  const kept = new KeptResponses({
    store,
    limits: () => limits,
    now: () => 86_400_000,
    onError: (error) => errors.push(error),
  });
  const begin = (text = "hi", isToBeKept = true) => {
    const body = Buffer.from(JSON.stringify({ model: "m", input: [{ type: "message", content: text }] }));
    const whose = { key, accountId: "acc_1", conversation: "c", conversationName: "name", recalled: null, isToBeKept };
    return kept.begin({ body: { sent: body, text: body, client: null }, call: { traceId: "trc" }, ...whose });
  };
  return { kept, saved, rounds, errors, begin };
}

const answer = (id: string, more: object = {}) =>
  Buffer.from(JSON.stringify({ id, output: [{ id: "msg_1" }], ...more }));

describe("an answer", () => {
  test("is found as soon as its end is known, with the input that was sent", async () => {
    const { kept, begin } = keeper();
    begin()?.finish(answer("resp_1"));
    const found = await kept.find("gk_1", "resp_1");
    expect(found).toMatchObject({ accountId: "acc_1", conversation: "c", answer: answer("resp_1") });
    expect(found?.input.toString()).toBe('[{"type":"message","content":"hi"}]');
  });

  test("that broke off, is not to be kept, or when nothing is, leaves nothing", async () => {
    const { kept, saved, begin } = keeper();
    begin()?.close();
    expect(begin("hi", false)).toBeNull();
    expect(keeper({ ...roomy, daysKept: 0 }).begin()).toBeNull();
    expect(await kept.find("gk_1", "resp_1")).toBeNull();
    expect(saved.size).toBe(0);
  });

  test("without an id, or larger than all the room there is, is not kept", async () => {
    const { kept, saved, begin } = keeper({ ...roomy, maxBytes: 1000 });
    begin()?.finish(Buffer.from("{}"));
    begin(noise(2000))?.finish(answer("resp_1"));
    await kept.find("gk_1", "resp_1");
    expect(saved.size).toBe(0);
  });

  test("that cannot be written is reported, and the next one kept", async () => {
    const fault = new Error("disk full");
    const { kept, errors, begin } = keeper(roomy, {
      save: () => {
        throw fault;
      },
    });
    begin()?.finish(answer("resp_1"));
    expect(await kept.find("gk_1", "resp_1")).toBeNull();
    expect(errors).toEqual([fault]);
  });
});

test("the limits are enforced while answers are written, not only from time to time", async () => {
  const { kept, rounds, begin } = keeper({ ...roomy, maxBytes: 80_000 });
  begin(noise(6000))?.finish(answer("resp_1"));
  await kept.find("gk_1", "resp_1");
  expect(rounds).toEqual([]);
  begin(noise(6000))?.finish(answer("resp_2"));
  await kept.find("gk_1", "resp_2");
  expect(rounds).toEqual([{ before: 0, maxCount: 10, maxBytes: 80_000 }]);
});

test("requests of running answers take only so much memory: what comes on top is not kept, until there is room", () => {
  const { begin } = keeper();
  const huge = "x".repeat(65 * 1024 * 1024);
  const first = begin(huge);
  expect(begin()).toBeNull();
  first?.close();
  expect(begin()).not.toBeNull();
});
