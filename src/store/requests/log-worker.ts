// Questions to the thread of the request log, and its answers.

import type { Worker } from "node:worker_threads";
import { StoreError } from "../store-error.ts";
import type { LogBatch } from "./log-tables.ts";
import type { FromLogWorker, LogQuestion, ToLogWorker } from "./messages.ts";

export interface LogWorker {
  /** The answer is of the type the question is named for; rejects when it failed or the thread has ended. */
  ask<T>(question: LogQuestion): Promise<T>;
  readonly write: (batch: LogBatch) => void;
}

/** Resolves when the thread has opened its database; rejects with StoreError when it cannot. */
export function connectLogWorker(thread: Worker, onWritten: (error: string | null) => void): Promise<LogWorker> {
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<LogWorker>();
  let hasEnded = false;
  let number = 0;

  function ask<T>(question: LogQuestion): Promise<T> {
    if (hasEnded) return Promise.reject(new Error("the request log is closed"));
    const answer = Promise.withResolvers<unknown>();
    asked.set(++number, answer);
    send({ number, question });
    return answer.promise as Promise<T>;
  }

  function send(message: ToLogWorker): void {
    thread.postMessage(message, []);
  }

  function take(number: number): PromiseWithResolvers<unknown> | undefined {
    const answer = asked.get(number);
    asked.delete(number);
    return answer;
  }

  thread.on("message", (message: FromLogWorker) => {
    switch (message.kind) {
      case "ready":
        return ready.resolve({ ask, write: (batch) => send({ batch }) });
      case "refused": {
        const { problem, message: reason } = message;
        return ready.reject(problem ? new StoreError(problem, reason) : new Error(reason));
      }
      case "written":
        return onWritten(message.error);
      case "answer":
        return take(message.number)?.resolve(message.value);
      case "error":
        return take(message.number)?.reject(new Error(message.message));
    }
  });

  function end(reason: Error): void {
    hasEnded = true;
    ready.reject(reason);
    for (const answer of asked.values()) answer.reject(reason);
    asked.clear();
  }
  thread.on("error", (error) => end(error instanceof Error ? error : new Error(String(error))));
  thread.on("exit", () => end(new Error("the thread of the request log has ended")));
  return ready.promise;
}
