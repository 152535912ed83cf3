import { expect, test } from "vitest";
import { InternalWriter } from "./internal-events.ts";
import { grammarComplaints } from "./testing.ts";

test("nothing is told behind the last event, whatever an upstream still says", () => {
  const writer = new InternalWriter({ answerId: "a", model: "m", now: 0 });
  writer.say("Hello");
  writer.end({ status: "completed" }, null);
  writer.say(" again");
  writer.think("Hm.");
  writer.call("0", { callId: "c", name: "f", kind: "function" });
  writer.end({ status: "failed", code: "upstream_error", message: "no" }, null);
  const events = writer.take();
  expect(grammarComplaints(events)).toEqual([]);
  expect(events.at(-1)?.type).toBe("response.completed");
});
