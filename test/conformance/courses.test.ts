// Every client format over answers that take unusual courses, and over answers that break off at any byte.

import { describe, expect, test } from "vitest";
import type { Understood } from "./answer.ts";
import type { DialectClient } from "./clients/client.ts";
import { type Course, courses, eventsOf } from "./courses.ts";
import { clientSides } from "./registries.ts";
import { sse } from "./sse.ts";
import { ask, toClient, toReply } from "./way.ts";

function expected({ understood }: Course, client: DialectClient): Understood {
  const reasoning = client.name === "messages" ? 0 : 10;
  const isFailed = understood.ending === "error";
  const spent = isFailed ? null : { input: 120, cached: 40, output: 30, reasoning };
  return { thinking: "", text: "", calls: [], ending: "done", ...understood, spent };
}

/** A failed answer is only known to have failed: what was said of it before differs, and so does what a client shows. */
function comparable(understood: Understood): object {
  return understood.ending === "error" ? { ending: "error" } : understood;
}

describe.each(clientSides)("a client that speaks $protocol.name", ({ protocol, client }) => {
  const tell = (internal: string): string => toClient(protocol, ask(protocol, client, true), internal);

  describe.each([true, false])("whose upstream repeats the items at the end: %s", (isRepeated) => {
    test.each(Object.entries(courses))("understands %s", (_name, course) => {
      const internal = sse(eventsOf(course, isRepeated));
      const stream = tell(internal);
      expect(client.complaints(stream)).toEqual([]);
      const wanted = comparable(expected(course, client));
      expect(comparable(client.read(stream))).toEqual(wanted);
      const reply = toReply(ask(protocol, client, false), internal);
      if (reply === null) expect(course.understood.ending).toBe("error");
      else expect(comparable(client.readReply(reply))).toEqual(wanted);
    });
  });

  test("is told nothing behind the end", () => {
    const events = eventsOf(courses["text without an announcement"] as Course, false);
    const late = [{ type: "response.output_text.delta", output_index: 3, item_id: "late", delta: "?" }, events.at(-1)];
    expect(tell(sse([...events, ...(late as typeof events)]))).toBe(tell(sse(events)));
  });

  test.each(["calls side by side, their letters mixed", "a failure while a call is written"])(
    "never takes for whole what broke off, at whatever byte: %s",
    (name) => {
      const internal = Buffer.from(sse(eventsOf(courses[name] as Course, false)));
      const whole = tell(internal.toString());
      for (let at = 1; at < internal.length; at += 1) {
        const stream = tell(internal.toString("latin1", 0, at));
        if (stream === whole) continue;
        expect(client.complaints(stream)).toEqual([]);
        expect(client.read(stream).ending).toBe("error");
      }
    },
  );
});
