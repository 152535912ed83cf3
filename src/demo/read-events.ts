// Reading a stream the way a patient client does: whole, then event by event.

export interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The events of a finished, well-formed stream. */
export function eventsOf(text: string): StreamEvent[] {
  return text
    .split(/\r?\n\r?\n/)
    .flatMap((block) => block.split(/\r?\n/))
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)) as StreamEvent);
}
