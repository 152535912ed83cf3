// Server-sent events as any client takes them apart, and puts them together.

export interface SseEvent {
  readonly name: string | null;
  readonly data: string;
}

export function parseSse(text: string): SseEvent[] {
  return text.split(/\r?\n\r?\n/).flatMap((block): SseEvent[] => {
    const lines = block.split(/\r?\n/);
    const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).replace(/^ /, ""));
    const name =
      lines
        .find((line) => line.startsWith("event:"))
        ?.slice(6)
        .trim() ?? null;
    return data.length === 0 ? [] : [{ name, data: data.join("\n") }];
  });
}

export function sse(events: readonly { readonly type: string }[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

/** Into pieces of at most so many letters, as models write. */
export function pieces(text: string, most: number): string[] {
  return text === "" ? [] : (text.match(new RegExp(`[\\s\\S]{1,${most}}`, "gu")) ?? []);
}
