// The main thread's side of the thread that counts tokens: started with the first question, let go when there are none.

import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "../clock.ts";
import { entryUrl } from "../entry.ts";

export interface CountQuestion {
  readonly number: number;
  readonly texts: readonly string[];
}

export interface CountAnswer {
  readonly number: number;
  readonly tokens: number;
}

export interface CountThread {
  /** Tokens of all texts together; rejects when the thread ends before it has answered. */
  ask(texts: readonly string[]): Promise<number>;
  close(): void;
}

interface Running {
  readonly thread: Worker;
  readonly asked: Map<number, PromiseWithResolvers<number>>;
  idle: Timer | null;
}

const entry = entryUrl(import.meta.url, "./worker.ts", "token-count-worker.js");
const memory = { maxOldGenerationSizeMb: 256 };
const IDLE_MS = 60_000;

export function createCountThread(clock: Clock): CountThread {
  let running: Running | null = null;
  let number = 0;

  function start(): Running {
    const thread = new Worker(entry, { execArgv: [], resourceLimits: memory });
    thread.unref();
    const started: Running = { thread, asked: new Map(), idle: null };
    const end = (reason: unknown) => {
      if (running === started) running = null;
      started.idle?.cancel();
      for (const answer of started.asked.values()) answer.reject(reason);
      started.asked.clear();
    };
    thread.on("message", (answer: CountAnswer) => {
      started.asked.get(answer.number)?.resolve(answer.tokens);
      started.asked.delete(answer.number);
      if (started.asked.size === 0) started.idle = clock.timer(IDLE_MS, () => letGo(started));
    });
    thread.on("error", end);
    thread.on("exit", () => end(new Error("the thread that counts tokens has ended")));
    return started;
  }

  function letGo(resting: Running): void {
    if (running === resting) running = null;
    resting.idle?.cancel();
    void resting.thread.terminate();
  }

  return {
    ask(texts) {
      const current = (running ??= start());
      current.idle?.cancel();
      const answer = Promise.withResolvers<number>();
      current.asked.set(++number, answer);
      current.thread.postMessage({ number, texts } satisfies CountQuestion, []);
      return answer.promise;
    },
    close() {
      if (running !== null) letGo(running);
    },
  };
}
