// One answer as people would tell of it, whatever format it is in. Upstreams say it, clients read it.

export interface Call {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Spent {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** `cut`: the upstream broke off; `error`: it said that it failed. */
export type Ending = "done" | "limit" | "filter" | "cut" | "error";

export interface Answer {
  readonly thinking: string;
  readonly text: string;
  readonly calls: readonly Call[];
  readonly ending: Ending;
  readonly spent: Spent;
}

/** What a client has understood. A client is told of a cut and of a failure alike: as an error. */
export interface Understood {
  readonly thinking: string;
  readonly text: string;
  readonly calls: readonly Call[];
  readonly ending: "done" | "limit" | "filter" | "error";
  readonly spent: Spent | null;
}

const spent: Spent = { input: 120, cached: 40, output: 30, reasoning: 0 };
const plain: Answer = { thinking: "", text: "", calls: [], ending: "done", spent };
const call = (name: string, args: Call["args"]): Call => ({ name, args });

export const answers: Readonly<Record<string, Answer>> = {
  text: { ...plain, text: "Hello there, world." },
  "text of many scripts": { ...plain, text: "Grüße 你好 🎉 \u2028 end" },
  "nothing at all": plain,
  "a call": { ...plain, calls: [call("look", { at: "a.txt" })] },
  "a call without arguments": { ...plain, calls: [call("look", {})] },
  "text and calls": { ...plain, text: "I look.", calls: [call("look", { at: "a" }), call("look", { at: "b" })] },
  thinking: { ...plain, thinking: "Hm, well.", text: "Yes.", spent: { ...spent, reasoning: 10 } },
  "thinking and a call": { ...plain, thinking: "Hm.", calls: [call("look", { at: "a" })] },
  "JSON as text": { ...plain, text: '{"x":1,"label":"demo"}' },
  "an answer that was cut short by its limit": { ...plain, text: "Once upon", ending: "limit" },
  "an answer that was filtered": { ...plain, text: "I must", ending: "filter" },
  "an answer that broke off": { ...plain, text: "Once", ending: "cut" },
  "an answer that failed in the middle": { ...plain, text: "Once", ending: "error" },
  "a large answer": { ...plain, text: "word ".repeat(20_000) },
};
