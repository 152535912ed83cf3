// The requests of the load: what Codex sends and what an SDK sends, as bytes.
// Facts: headers and body of Codex 0.169 with a ChatGPT login; headers of the OpenAI SDK for JavaScript.

import { type Dialect, dialectBodies } from "./dialect-bodies.ts";

export type Client = "codex" | "sdk" | Dialect;

export interface RequestKind {
  readonly client: Client;
  readonly path: string;
  readonly bodyBytes: number;
  /** `few` goes round 256 conversations, `fresh` opens a new one with every request. */
  readonly conversations: "few" | "fresh";
  readonly isStream: boolean;
}

export interface Target {
  readonly port: number;
  /** Platform key. */
  readonly secret: string;
}

const FEW = 256;
/** An item with hardly any text in it, bytes. */
const SMALLEST_ITEM = 90;

/** Text as agents send it: code, with what JSON has to escape. */
const CODE = 'export function add(left: number, right: number) {\n\treturn `${left} + "${right}"`;\n}\n';

/** Gives the bytes of one request after the other. */
export function requestMaker(kind: RequestKind, target: Target): () => readonly Buffer[] {
  const template = body(kind);
  const run = Date.now().toString(16).padStart(12, "0").slice(-12);
  const make = (count: number): readonly Buffer[] => {
    const thread = `01a1fa75-${(count >>> 16).toString(16).padStart(4, "0")}-7f8b-${(count & 0xffff).toString(16).padStart(4, "0")}-${run}`;
    const text = kind.client === "codex" ? template : Buffer.from(template.toString().replace("THREAD", thread));
    const head = kind.client === "codex" ? codexHead(kind, thread) : sdkHead(kind);
    const start = `POST ${kind.path} HTTP/1.1\r\nhost: 127.0.0.1:${target.port}\r\n`;
    const rest = `authorization: Bearer ${target.secret}\r\ncontent-length: ${text.length}\r\n\r\n`;
    return [Buffer.from(start + head + rest, "latin1"), text];
  };
  let count = 0;
  if (kind.conversations === "fresh") return () => make((count += 1));
  const made = Array.from({ length: FEW }, (_, index) => make(index));
  return () => made[(count += 1) % FEW] as readonly Buffer[];
}

function lines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
}

function codexHead({ isStream }: RequestKind, thread: string): string {
  const turn = {
    installation_id: "5afba69c-e041-4f2c-83c5-33b260c81603",
    session_id: thread,
    thread_id: thread,
    agent_name: "/root",
    turn_id: "01a1fa75-7fe8-7f51-93e6-d979885d09d6",
    window_id: `${thread}:0`,
    window_number: 0,
    request_kind: "turn",
    history_initialization: "new",
    thread_source: "user",
    sandbox: "seccomp",
    sandbox_mode: "read-only",
    turn_started_at_unix_ms: 1795203366889,
    model: "gpt-5.5",
    reasoning_effort: "low",
  };
  return lines({
    version: "0.169.0",
    "x-codex-beta-features": "remote_compaction_v2",
    "x-codex-window-id": `${thread}:0`,
    "x-codex-turn-metadata": JSON.stringify(turn),
    "x-codex-routing-hint": "model=gpt-5.5",
    "x-client-request-id": thread,
    "session-id": thread,
    "thread-id": thread,
    accept: isStream ? "text/event-stream" : "application/json",
    "content-type": "application/json",
    originator: "codex_exec",
    "user-agent": "codex_exec/0.169.0 (Debian 12.0.0; x86_64) xterm-256color (codex_exec; 0.169.0)",
  });
}

function sdkHead({ isStream }: RequestKind): string {
  return lines({
    accept: isStream ? "text/event-stream" : "application/json",
    "content-type": "application/json",
    "user-agent": "OpenAI/JS 6.9.0",
    "x-stainless-lang": "js",
    "x-stainless-package-version": "6.9.0",
    "x-stainless-os": "Linux",
    "x-stainless-arch": "x64",
    "x-stainless-runtime": "node",
    "x-stainless-retry-count": "0",
  });
}

const INSTRUCTIONS = "You are a coding agent. Answer briefly and show the changed lines.";

function bodyOf({ client, isStream }: RequestKind, texts: readonly string[]): object {
  if (client !== "codex" && client !== "sdk") {
    return dialectBodies[client]({ instructions: INSTRUCTIONS, texts, isStream }, "THREAD");
  }
  const own =
    client === "codex" ? { store: false, tool_choice: "auto" } : { temperature: 0.2, max_output_tokens: 4096 };
  return {
    model: "gpt-5.5",
    instructions: INSTRUCTIONS,
    input: texts.map((text) => ({ type: "message", role: "user", content: [{ type: "input_text", text }] })),
    ...own,
    parallel_tool_calls: true,
    reasoning: { effort: "low", summary: "auto" },
    stream: isStream,
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: client === "codex" ? "01a1fa75-7f8b-78e2-9ba1-04ca9225d45a" : "THREAD",
  };
}

/** A body of the wanted size, made longer by further texts of about 2 KB. */
function body(kind: RequestKind): Buffer {
  const { bodyBytes } = kind;
  const make = (texts: readonly string[]): Buffer => Buffer.from(JSON.stringify(bodyOf(kind, texts)));
  const items = ["Add a test for the function below."];
  let missing = bodyBytes - make(items).length;
  while (missing > SMALLEST_ITEM) {
    const copies = Math.floor(Math.min(missing - SMALLEST_ITEM, 2048) / JSON.stringify(CODE).length);
    items.push(copies > 0 ? CODE.repeat(copies) : "x".repeat(missing - SMALLEST_ITEM));
    missing = bodyBytes - make(items).length;
  }
  return make(items);
}
