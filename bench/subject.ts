// What is measured: a gateway in a process of its own, between the load and the mock upstream.

import type { ChildProcess } from "node:child_process";
import { connect, createServer } from "node:net";

import { asking } from "./ask.ts";
import { lastWordsOf, startPart, stop } from "./pinned.ts";
import type { Target } from "./requests.ts";

export interface Subject {
  readonly name: string;
  readonly child: ChildProcess;
  readonly target: Target;
  stop(): Promise<void>;
}

/** What a gateway of the bench itself is asked first. */
export interface StartQuestions {
  start(options: { upstreamPort: number; secret: string }): Promise<{ port: number }>;
}

const SECRET = "cm_bench_0123456789abcdef0123456789abcdef";

/** Starts a gateway that is a file of the bench. */
export async function startPartSubject(name: string, file: string, upstreamPort: number): Promise<Subject> {
  const child = startPart(file, "subject");
  const { port } = await asking<StartQuestions>(child, name).start({ upstreamPort, secret: SECRET });
  return { name, child, target: { port, secret: SECRET }, stop: () => stop(child) };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Resolves as soon as something listens on the port. */
export async function whenListening(port: number, child: ChildProcess): Promise<void> {
  while (!(await canConnect(port))) {
    if (child.exitCode !== null) throw new Error(`ended before it listened: ${lastWordsOf(child)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
