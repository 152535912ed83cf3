// What the ChatGPT Codex backend accepts from a client that is not Codex, as data: a new backend release changes this
// table and a fixture, not code. Version: November 2026, Codex 0.169.

export const backendProfile = {
  /** Each of these is answered with 400 `Unsupported parameter`. */
  refusedParameters: [
    "max_output_tokens",
    "max_completion_tokens",
    "max_tokens",
    "temperature",
    "top_p",
    "truncation",
    "user",
    "metadata",
    "safety_identifier",
    "prompt_cache_retention",
    "prompt_cache_options",
    "context_management",
    "stop",
    "seed",
    "n",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "top_logprobs",
    "stream_options",
    "background",
    "conversation",
    "previous_response_id",
    "generate",
    "max_tool_calls",
  ],
  /** The fields the original let through, for its strict mode. */
  originalFields: new Set([
    "model",
    "instructions",
    "input",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "reasoning",
    "store",
    "stream",
    "include",
    "prompt_cache_key",
    "text",
    "service_tier",
  ]),
  includes: new Set([
    "code_interpreter_call.outputs",
    "computer_call_output.output.image_url",
    "file_search_call.results",
    "message.input_image.image_url",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "web_search_call.action.sources",
  ]),
  /** Tiers the backend knows; what is missing here means the default and is left out. */
  serviceTiers: new Map([
    ["fast", "priority"],
    ["priority", "priority"],
    ["flex", "flex"],
  ]),
  efforts: new Map([
    ["ultra", "max"],
    ["minimal", "low"],
  ]),
  /** Bytes without which the items of `input` need no look at all. */
  itemsNeedingRepair: ['"system"', '"id"', '"item_reference"', '"reasoning"', '"prompt_cache_breakpoint"', '"status"'],
} as const;
