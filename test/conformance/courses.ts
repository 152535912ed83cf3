// Courses that an answer of the internal form may take beside the plain one: what stands between its events, in which order they come,
// what is left out. Each with what a client understands of it.

import type { Understood } from "./answer.ts";
import { SEALED } from "./upstreams/upstream.ts";

export interface CourseEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Course {
  /** Between the beginning and the end. */
  readonly events: readonly CourseEvent[];
  /** The finished items, for ends that repeat them. */
  readonly output: readonly object[];
  /** Where the end is another than `response.completed`. */
  readonly end?: CourseEvent;
  readonly understood: Partial<Omit<Understood, "spent">>;
}

const added = (output_index: number, item: object) => ({ type: "response.output_item.added", output_index, item });
const done = (output_index: number, item: object) => ({ type: "response.output_item.done", output_index, item });
const place = (at: number) => ({ output_index: at, item_id: `item_${at}`, content_index: 0 });

const said = (at: number, text: string) => {
  const part = { type: "output_text", text, annotations: [] };
  return { id: `item_${at}`, type: "message", role: "assistant", status: "completed", content: [part] };
};
const word = (at: number, delta: string) => ({ type: "response.output_text.delta", ...place(at), delta });
const call = (at: number, args: string, name = "look") => {
  return { id: `item_${at}`, type: "function_call", call_id: `call_${at}`, name, arguments: args };
};
const letters = (at: number, delta: string) => {
  return { type: "response.function_call_arguments.delta", ...place(at), delta };
};
const thought = (at: number, ...texts: readonly string[]) => ({
  id: `item_${at}`,
  type: "reasoning",
  summary: texts.map((text) => ({ type: "summary_text", text })),
  encrypted_content: SEALED,
});
const hunch = (at: number, summary_index: number, delta: string) => {
  return { type: "response.reasoning_summary_text.delta", ...place(at), summary_index, delta };
};
const declined = { ...said(0, ""), content: [{ type: "refusal", refusal: "I will not." }] };
const failed = (code: string) => {
  return { type: "response.failed", response: { id: "resp_1", status: "failed", error: { code, message: "no" } } };
};

const look = (at: string) => ({ name: "look", args: { at } });
const one = call(0, '{"at":"a"}');
const two = call(1, '{"at":"b"}');
const begun = [added(0, { ...said(0, ""), content: [] }), word(0, "On")];

export const courses: Readonly<Record<string, Course>> = {
  "calls side by side, their letters mixed": {
    events: [
      added(0, call(0, "")),
      added(1, call(1, "")),
      letters(1, '{"at'),
      letters(0, '{"a'),
      letters(1, '":"b"}'),
      letters(0, 't":"a"}'),
      done(0, one),
      done(1, two),
    ],
    output: [one, two],
    understood: { calls: [look("a"), look("b")] },
  },
  "a call that is never announced": {
    events: [done(0, one)],
    output: [one],
    understood: { calls: [look("a")] },
  },
  "a call whose letters never come": {
    events: [added(0, call(0, "")), done(0, one)],
    output: [one],
    understood: { calls: [look("a")] },
  },
  "text that never came in pieces": {
    events: [done(0, said(0, "Hello."))],
    output: [said(0, "Hello.")],
    understood: { text: "Hello." },
  },
  "text without an announcement": {
    events: [word(0, "Hel"), word(0, "lo."), done(0, said(0, "Hello."))],
    output: [said(0, "Hello.")],
    understood: { text: "Hello." },
  },
  "text between two calls": {
    events: [
      added(0, call(0, "")),
      letters(0, '{"at":"a"}'),
      done(0, one),
      added(1, { ...said(1, ""), content: [] }),
      word(1, "And."),
      done(1, said(1, "And.")),
      added(2, call(2, "")),
      letters(2, '{"at":"c"}'),
      done(2, call(2, '{"at":"c"}')),
    ],
    output: [one, said(1, "And."), call(2, '{"at":"c"}')],
    understood: { text: "And.", calls: [look("a"), look("c")] },
  },
  "thinking in two parts": {
    events: [
      added(0, { ...thought(0), encrypted_content: "gAAAAsnapshot" }),
      hunch(0, 0, "First"),
      hunch(0, 0, "."),
      hunch(0, 1, "Then."),
      done(0, thought(0, "First.", "Then.")),
      done(1, said(1, "Yes.")),
    ],
    output: [thought(0, "First.", "Then."), said(1, "Yes.")],
    understood: { thinking: "First.\n\nThen.", text: "Yes." },
  },
  "thinking without words": {
    events: [added(0, thought(0)), done(0, thought(0)), done(1, said(1, "Yes."))],
    output: [thought(0), said(1, "Yes.")],
    understood: { text: "Yes." },
  },
  "a refusal": {
    events: [
      added(0, { ...declined, content: [] }),
      { type: "response.refusal.delta", ...place(0), delta: "I will " },
      { type: "response.refusal.delta", ...place(0), delta: "not." },
      done(0, declined),
    ],
    output: [declined],
    understood: { text: "I will not.", ending: "filter" },
  },
  "calls cut short by the limit": {
    events: [added(0, call(0, "")), letters(0, '{"at":"a"}'), done(0, one), ...begunAt(1)],
    output: [one, said(1, "On")],
    end: {
      type: "response.incomplete",
      response: { id: "resp_1", status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
    },
    understood: { text: "On", calls: [look("a")], ending: "limit" },
  },
  "events of a vendor and of the future in between": {
    events: [
      { type: "codex.keepalive" },
      added(0, { ...said(0, ""), content: [] }),
      { type: "codex.rate_limits", rate_limits: { primary: {} } },
      word(0, "Hel"),
      { type: "response.something.new", ...place(0), delta: "?" },
      word(0, "lo."),
      { type: "keepalive" },
      done(0, said(0, "Hello.")),
    ],
    output: [said(0, "Hello.")],
    understood: { text: "Hello." },
  },
  "a failure before anything was said": {
    events: [],
    output: [],
    end: failed("server_is_overloaded"),
    understood: { ending: "error" },
  },
  "a failure while a call is written": {
    events: [added(0, call(0, "")), letters(0, '{"at')],
    output: [],
    end: failed("rate_limit_exceeded"),
    understood: { ending: "error" },
  },
  "a failure while the model thinks": {
    events: [added(0, thought(0)), hunch(0, 0, "Hm")],
    output: [],
    end: failed("usage_limit_reached"),
    understood: { ending: "error" },
  },
  "a failure told by an error event": {
    events: begun,
    output: [],
    end: { type: "error", code: "server_error", message: "no", param: null },
    understood: { ending: "error" },
  },
};

function begunAt(at: number): readonly CourseEvent[] {
  return [added(at, { ...said(at, ""), content: [] }), word(at, "On"), done(at, said(at, "On"))];
}

const usage = {
  input_tokens: 120,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 10 },
  total_tokens: 150,
};

/** All events of a course. Ends hold the finished items or, as the ChatGPT backend's, none of them. */
export function eventsOf({ events, output, end }: Course, isRepeated: boolean): CourseEvent[] {
  const response = { id: "resp_1", object: "response", model: "gpt-5.5", status: "in_progress", output: [] };
  const last = end ?? { type: "response.completed", response: { status: "completed" } };
  const isFailed = last.type === "error" || last.type === "response.failed";
  const filled = { ...response, ...(last["response"] as object), output: isRepeated ? output : [], usage };
  return [
    { type: "response.created", response },
    { type: "response.in_progress", response },
    ...events,
    isFailed ? last : { ...last, response: filled },
  ];
}
