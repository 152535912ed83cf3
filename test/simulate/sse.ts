// The bytes of a simulated upstream's streams.

export interface Quota {
  readonly minutes: number;
  readonly used: number;
  /** Epoch ms. */
  readonly resetsAt: number;
}

export function event(type: string, more: object = {}): Buffer {
  return Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`);
}

export function failedEvent(error: object): Buffer {
  return event("response.failed", { response: { object: "response", status: "failed", error } });
}

export function limitsEvent(plan: string, windows: readonly Quota[]): Buffer {
  const [primary, secondary] = windows.map(({ minutes, used, resetsAt }) => ({
    used_percent: used,
    window_minutes: minutes,
    reset_at: Math.ceil(resetsAt / 1000),
  }));
  return event("codex.rate_limits", { plan_type: plan, rate_limits: { primary, secondary: secondary ?? null } });
}

/** Pieces of text that tell which attempt they are of and which place they have in it. */
export function pieceMark(attempt: number, place: number): string {
  return `<${attempt}.${place}>`;
}

/** Sealed content that only the account can read. */
function sealedBy(name: string, attempt: number): string {
  return `enc.${name}.${attempt}.`;
}

/** Everything an answer says, event by event. */
export function answerEvents(
  attempt: number,
  name: string,
  { pieces, model }: { pieces: number; model: string },
): Buffer[] {
  const marks = Array.from({ length: pieces }, (_, place) => pieceMark(attempt, place));
  const reasoning = { type: "reasoning", id: `rs_${attempt}`, encrypted_content: sealedBy(name, attempt) };
  const message = { type: "message", role: "assistant", content: [{ type: "output_text", text: marks.join("") }] };
  const usage = { input_tokens: 10, output_tokens: pieces, total_tokens: 10 + pieces };
  const id = `resp_${name}_${attempt}`;
  return [
    event("response.created", { response: { id, status: "in_progress" } }),
    event("response.output_item.done", { output_index: 0, item: reasoning }),
    ...marks.map((delta) => event("response.output_text.delta", { output_index: 1, delta })),
    event("response.output_item.done", { output_index: 1, item: message }),
    event("response.completed", {
      response: { id, object: "response", status: "completed", model, output: [], usage },
    }),
  ];
}
