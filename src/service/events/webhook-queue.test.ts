import { describe, expect, test } from "vitest";

import { VirtualClock } from "../../kit/virtual-clock.ts";
import type { Delivery } from "./webhook.ts";
import { WebhookQueue } from "./webhook-queue.ts";

const arrived: Delivery = { isDelivered: true, statusCode: 200, mayPass: false, message: "answered 200" };
const trouble: Delivery = { isDelivered: false, statusCode: 503, mayPass: true, message: "answered 503" };
const refusal: Delivery = { isDelivered: false, statusCode: 404, mayPass: false, message: "answered 404" };

function bench(answers: readonly (Delivery | null)[]) {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const sent: [string, number][] = [];
  const dropped: string[] = [];
  let atOnce = 0;
  const queue = new WebhookQueue({
    clock,
    send(body) {
      sent.push([body, (clock.now() - startedAt) / 1000]);
      const answer = answers[Math.min(sent.length, answers.length) - 1] ?? null;
      if (answer === null) return null;
      atOnce += 1;
      expect(atOnce).toBe(1);
      return Promise.resolve(answer).finally(() => (atOnce -= 1));
    },
    onDrop: (message) => void dropped.push(message),
  });
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await settle();
      clock.advance(1000);
    }
    await settle();
  };
  return { clock, queue, sent, dropped, pass };
}

describe("the queue of notices", () => {
  test("sends one at a time, in order", async () => {
    const { queue, sent, pass } = bench([arrived]);
    for (const body of ["a", "b", "c"]) queue.push(body);
    await pass(0);
    expect(sent.map(([body]) => body)).toEqual(["a", "b", "c"]);
  });

  test("tries again with growing pauses, and gives up after five tries", async () => {
    const { queue, sent, dropped, pass } = bench([trouble]);
    queue.push("a");
    await pass(400);
    expect(sent.map(([, at]) => at)).toEqual([0, 1, 6, 36, 156]);
    expect(dropped).toEqual(["answered 503"]);
  });

  test("goes on with the next when one has been given up or has arrived late", async () => {
    const { queue, sent, dropped, pass } = bench([trouble, arrived, refusal, arrived]);
    for (const body of ["a", "b", "c"]) queue.push(body);
    await pass(10);
    expect(sent.map(([body]) => body)).toEqual(["a", "a", "b", "c"]);
    expect(dropped).toEqual(["answered 404"]);
  });

  test("drops what comes when too many wait", async () => {
    const { queue, sent, dropped, pass } = bench([arrived]);
    for (let index = 0; index < 103; index += 1) queue.push(`${index}`);
    await pass(40);
    expect([sent.length, dropped.length]).toEqual([101, 2]);
  });

  test("forgets what waits when there is no address any more", async () => {
    const { queue, dropped, pass } = bench([null]);
    queue.push("a");
    await pass(1);
    expect(dropped).toEqual([]);
  });

  test("stops at once, in the middle of a pause", async () => {
    const { clock, queue, sent, dropped, pass } = bench([trouble]);
    queue.push("a");
    queue.push("b");
    await pass(0);
    queue.stop();
    await pass(10);
    expect([sent.length, dropped, clock.pending]).toEqual([1, [], 0]);
  });
});
