import { describe, expect, test } from "vitest";
import { requestRow } from "../store/testing.ts";
import { openCall } from "./testing.ts";
import { Trace } from "./trace.ts";

function traced(row: Parameters<typeof requestRow>[0], isEnabled = true, previewBytes = 0) {
  const lines: string[] = [];
  const log = {
    line: (event: string, fields: Readonly<Record<string, unknown>>) =>
      void lines.push([event, ...Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`)].join(" ")),
  };
  const settings = {
    isEnabled: () => isEnabled,
    previewBytes: () => previewBytes,
    strategy: () => "ordered",
    sortOf: (id: string) => (id === "gone" ? null : 5),
  };
  const trace = new Trace(log, settings);
  const { call } = openCall({ "x-codex-turn-state": "secret" });
  Object.assign(call.record, { conversationSource: "header", bodyBytes: 321 });
  trace.body("trc_1", Buffer.from("0123456789"));
  trace.finished(requestRow({ traceId: "trc_1", ...row }), call);
  return lines;
}

const attempt = { startedMs: 0, tookMs: 1, waitedMs: 0 };

describe("the trace of a request", () => {
  test("tells the original's events in the order in which they happened", () => {
    const lines = traced({
      candidates: ["a", "gone"],
      skipped: [{ accountId: "c", reason: "usage_limit_reached", until: 5_900 }],
      attempts: [
        { ...attempt, accountId: "a", reason: "bound", phase: "answer", status: 429, code: "x", message: "used up" },
        { ...attempt, accountId: "b", reason: "ordered", phase: null, status: 200, code: null, message: null },
      ],
      lost: ["reasoning"],
      conversation: "hash",
      model: "m",
    });
    const events = ["REQUEST_START", "CANDIDATE_POOL", "CANDIDATE_SKIP"];
    const each = ["CANDIDATE_START", "ATTEMPT_PROFILE", "ATTEMPT_RESULT"];
    expect(lines.map((line) => line.split(" ")[0])).toEqual([...events, ...each, ...each, "REQUEST_FINAL"]);
    expect(lines[1]).toContain("strategy=ordered ordered_candidates=a#sort=5,gone#sort=-");
    expect(lines[2]).toBe("CANDIDATE_SKIP trace_id=trc_1 account_id=c reason=usage_limit_reached until=5");
    expect(lines[3]).toContain("candidate=1/2 reason=bound strip_session_affinity=false");
    expect(lines[4]).toBe(
      "ATTEMPT_PROFILE trace_id=trc_1 account_id=a session_source=header has_turn_state=true has_conversation=true body_len=321 body_model=m",
    );
    expect(lines[6]).toContain("candidate=2/2 reason=ordered strip_session_affinity=true");
    expect(lines.join()).not.toContain("secret");
  });

  test("shows so much of the body as was asked for, and nothing at all when it is off", () => {
    expect(traced({}, true, 4)[0]).toBe(
      "REQUEST_BODY trace_id=trc_1 len=10 preview_bytes=4 truncated=true preview=0123",
    );
    expect(traced({}, false, 4)).toEqual([]);
  });
});
