// The answers of the upstream in the shape ChatGPT gives them, built once. The upstream sends these bytes as they are;
// the load generator compares what arrives with them.
// Facts: headers and events as Codex 0.169 receives them.

export type AnswerName = "json" | "events10" | "events50" | "events500";

export interface Answer {
  /** Head and body as they go over the wire. */
  readonly wire: Buffer;
  readonly body: Buffer;
  readonly events: number;
}

const RESPONSE_ID = "resp_0c4f6d1f2b7a4d5e8f90a1b2c3d4e5f60718293a4b5c6d7e";
const ITEM_ID = "msg_0c4f6d1f2b7a4d5e8f90a1b2c3d4e5f60718293a4b5c6d7e";

const accountHeaders = `date: Fri, 20 Nov 2026 19:54:42 GMT
openai-model: gpt-5.5
x-codex-active-limit: premium
x-codex-credits-balance: 42.00
x-codex-credits-has-credits: true
x-codex-credits-unlimited: false
x-codex-plan-type: plus
x-codex-primary-reset-at: 4102444800
x-codex-primary-used-percent: 37.5
x-codex-primary-window-minutes: 300
x-codex-secondary-reset-at: 4102444800
x-codex-secondary-used-percent: 12
x-codex-secondary-window-minutes: 10080
x-codex-turn-state: gAAAAABpH2c4b0Jm1dQx0r3v6m8uZl1XcP0wq7sYt5kA2nE9
x-models-etag: "3f1c9a52"
x-reasoning-included: true
x-request-id: req_7f6e5d4c3b2a1908`;

function head(...own: readonly string[]): string {
  return ["HTTP/1.1 200 OK", ...own, ...accountHeaders.split("\n"), "", ""].join("\r\n");
}

function event(name: string, fields: object): string {
  return `event: ${name}\ndata: ${JSON.stringify({ type: name, ...fields })}\n\n`;
}

const response = {
  id: RESPONSE_ID,
  object: "response",
  created_at: 1795204482,
  model: "gpt-5.5",
  error: null,
  incomplete_details: null,
  instructions: "You are a coding agent running in a terminal. ".repeat(16),
  output: [],
  parallel_tool_calls: true,
  reasoning: { effort: "low", summary: "auto" },
  store: false,
};

const usage = {
  input_tokens: 10_240,
  input_tokens_details: { cached_tokens: 9_216 },
  output_tokens: 512,
  output_tokens_details: { reasoning_tokens: 128 },
  total_tokens: 10_752,
};

const place = { item_id: ITEM_ID, output_index: 0, content_index: 0 };
const part = { type: "output_text", annotations: [], logprobs: [] };
const item = { id: ITEM_ID, type: "message", role: "assistant" };

const opening: readonly string[] = [
  event("response.created", { sequence_number: 0, response: { ...response, status: "in_progress" } }),
  event("response.in_progress", { sequence_number: 1, response: { ...response, status: "in_progress" } }),
  event("response.output_item.added", { output_index: 0, item: { ...item, status: "in_progress", content: [] } }),
  event("response.content_part.added", { ...place, part: { ...part, text: "" } }),
];

/** One piece of text, with the padding the backend hides its length with. */
const delta: string = event("response.output_text.delta", {
  ...place,
  delta: " pieces",
  logprobs: [],
  obfuscation: "q1W8zR4t",
});

function closing(text: string): readonly string[] {
  const whole = { ...part, text };
  return [
    event("response.output_text.done", { ...place, text, logprobs: [] }),
    event("response.content_part.done", { ...place, part: whole }),
    event("response.output_item.done", {
      output_index: 0,
      item: { ...item, status: "completed", content: [whole] },
    }),
    event("response.completed", { response: { ...response, status: "completed", usage } }),
  ];
}

/** Each event is an HTTP chunk of its own, as it leaves the real upstream. */
function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

const streamHead = head("content-type: text/event-stream", "transfer-encoding: chunked");
const LAST_CHUNK = "0\r\n\r\n";

function stream(events: number): Answer {
  const deltas = events - opening.length - 4;
  const all = [...opening, ...Array.from({ length: deltas }, () => delta), ...closing(" pieces".repeat(deltas))];
  const wire = Buffer.from(streamHead + all.map(chunk).join("") + LAST_CHUNK);
  return { wire, body: Buffer.from(all.join("")), events: all.length };
}

function json(): Answer {
  const output = [{ ...item, status: "completed", content: [{ ...part, text: "A short answer. ".repeat(32) }] }];
  const body = Buffer.from(JSON.stringify({ ...response, status: "completed", output, usage }));
  const start = head("content-type: application/json", `content-length: ${body.length}`);
  return { wire: Buffer.concat([Buffer.from(start), body]), body, events: 0 };
}

export const answers: Readonly<Record<AnswerName, Answer>> = {
  json: json(),
  events10: stream(10),
  events50: stream(50),
  events500: stream(500),
};

/** A stream that is held open: how it begins, goes on and ends. */
export const openStream = {
  start: Buffer.from(streamHead + [...opening, delta].map(chunk).join("")),
  event: Buffer.from(chunk(delta)),
  end: Buffer.from(closing(" pieces").map(chunk).join("") + LAST_CHUNK),
} as const;
