// Request bodies of the other formats, all of one conversation with one tool.

export type Dialect = "chat" | "messages" | "gemini";

export interface Wording {
  readonly instructions: string;
  /** What the user said, piece by piece. */
  readonly texts: readonly string[];
  readonly isStream: boolean;
}

const MODEL = "gpt-5.5";
const NAME = "read_file";
const SCHEMA = { type: "object", properties: { path: { type: "string" } }, required: ["path"] };

/** Thread is put where the format names a conversation; the load replaces it. */
export const dialectBodies: Readonly<Record<Dialect, (wording: Wording, thread: string) => object>> = {
  chat: ({ instructions, texts, isStream }, thread) => ({
    model: MODEL,
    messages: [{ role: "system", content: instructions }, ...texts.map((content) => ({ role: "user", content }))],
    tools: [{ type: "function", function: { name: NAME, parameters: SCHEMA } }],
    prompt_cache_key: thread,
    stream: isStream,
    stream_options: isStream ? { include_usage: true } : undefined,
  }),
  messages: ({ instructions, texts, isStream }, thread) => ({
    model: MODEL,
    max_tokens: 4096,
    system: [{ type: "text", text: instructions, cache_control: { type: "ephemeral" } }],
    messages: [{ role: "user", content: texts.map((text) => ({ type: "text", text })) }],
    tools: [{ name: NAME, input_schema: SCHEMA }],
    thinking: { type: "adaptive" },
    metadata: { user_id: JSON.stringify({ session_id: thread }) },
    stream: isStream,
  }),
  gemini: ({ instructions, texts }) => ({
    systemInstruction: { parts: [{ text: instructions }] },
    contents: [{ role: "user", parts: texts.map((text) => ({ text })) }],
    tools: [{ functionDeclarations: [{ name: NAME, parametersJsonSchema: SCHEMA }] }],
    generationConfig: { temperature: 1, thinkingConfig: { includeThoughts: true } },
  }),
};
