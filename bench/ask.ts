// Questions and answers between the bench and the processes it starts, over the channel Node gives to a child.

import type { ChildProcess } from "node:child_process";

interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Every function of `T` as a question to a child: at most one argument, the answer as a promise. */
export type Asked<T> = {
  readonly [Name in keyof T]: T[Name] extends (...given: infer Given) => infer Value
    ? (...given: Given) => Promise<Awaited<Value>>
    : never;
};

/** Counted over all children, since one channel may serve two askers. */
let lastId = 0;

/** In the child: answers each question with what the function of that name returns. */
export function answerQuestions(questions: object): void {
  const functions = questions as Readonly<Record<string, (argument: unknown) => unknown>>;
  process.on("message", ({ id, name, argument }: Question) => {
    const answer = functions[name];
    if (answer === undefined) return;
    void (async (): Promise<Reply> => {
      try {
        return { id, value: await answer(argument) };
      } catch (error) {
        return { id, error: String(error) };
      }
    })().then((reply) => process.send?.(reply));
  });
  process.on("disconnect", () => process.exit());
}

/** In the bench: the child's functions. A child that ends fails what was asked of it. */
export function asking<T>(child: ChildProcess, name: string): Asked<T> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  child.on("message", ({ id, value, error }: Reply) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(`${name}: ${error}`));
  });
  child.on("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${name} ended with code ${code}`));
    waiting.clear();
  });
  const ask = (question: string) => (argument?: unknown) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      child.send({ id: lastId, name: question, argument } satisfies Question);
    });
  return new Proxy({}, { get: (_target, question) => ask(String(question)) }) as Asked<T>;
}
