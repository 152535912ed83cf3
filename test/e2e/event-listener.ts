// A listener of the event stream that waits for the events a test is about.

import type { EventType, ServiceEvent } from "../../src/contract/events.ts";
import { serviceEvent } from "../../src/contract/events.ts";

type Event<T extends EventType> = Extract<ServiceEvent, { readonly type: T }>;

export interface EventListener {
  readonly status: number;
  /** Everything heard so far; each event has been held against the contract. */
  readonly heard: readonly ServiceEvent[];
  /** Of the last event that had one. */
  readonly lastId: string;
  /** Resolves with the first event of the type that passes, heard already or not. Rejects when the stream ends before. */
  readonly next: <T extends EventType>(type: T, passes?: (event: Event<T>) => boolean) => Promise<Event<T>>;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  leave(): void;
}

export async function listenToEvents(url: string, headers: Record<string, string>): Promise<EventListener> {
  const leaving = new AbortController();
  const response = await fetch(url, { headers, signal: leaving.signal });
  const heard: ServiceEvent[] = [];
  const waiting = new Set<() => void>();
  let lastId = "";
  let isEnded = false;

  async function read(): Promise<void> {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const blocks = (text + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        lastId = /^id: (.+)$/m.exec(block)?.[1] ?? lastId;
        const json = /^data: (.+)$/m.exec(block)?.[1];
        if (json !== undefined) heard.push(serviceEvent.parse(JSON.parse(json)));
      }
      for (const look of waiting) look();
    }
  }

  const ended = read()
    .catch((error: unknown) => {
      if (!leaving.signal.aborted && !(error instanceof TypeError)) throw error;
    })
    .finally(() => {
      isEnded = true;
      for (const look of waiting) look();
    });
  return {
    status: response.status,
    heard,
    get lastId() {
      return lastId;
    },
    ended,
    next: <T extends EventType>(type: T, passes: (event: Event<T>) => boolean = () => true) =>
      new Promise<Event<T>>((resolve, reject) => {
        const look = () => {
          const found = heard.find((event): event is Event<T> => event.type === type && passes(event as Event<T>));
          if (found === undefined && !isEnded) return;
          waiting.delete(look);
          if (found !== undefined) resolve(found);
          else reject(new Error(`the stream ended without ${type}`));
        };
        waiting.add(look);
        look();
      }),
    leave: () => leaving.abort(),
  };
}
