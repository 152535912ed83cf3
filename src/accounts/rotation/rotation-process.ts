// The service's side of the renewal process: started when there is something to renew, shared by all accounts, let go
// when idle. The process is in a session of its own, so that what kills the service does not reach it.

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Clock, Timer } from "../../kit/clock.ts";
import { entryUrl } from "../../kit/entry.ts";
import type { RotationAsk, RotationReply, RotationSettings } from "./messages.ts";
import type { RotationOutcome } from "./rotate.ts";

export interface RotationProcess {
  /** Replaces the tokens of generation `seen`. Never rejects. */
  rotate(accountId: string, seen: number): Promise<RotationOutcome>;
  /** Lets the process go: it finishes what it has begun. */
  close(): void;
}

interface Running {
  readonly child: ChildProcess;
  readonly waiting: Map<number, (outcome: RotationOutcome) => void>;
  idle: Timer | null;
}

const entry = entryUrl(import.meta.url, "./worker.ts", "rotation-worker.js");
const idleMs = 5_000;

export function createRotationProcess(settings: RotationSettings, clock: Clock): RotationProcess {
  let running: Running | null = null;
  let asked = 0;

  function start(): Running {
    const child = fork(entry, { execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"], detached: true });
    child.unref();
    const started: Running = { child, waiting: new Map(), idle: null };
    const end = (reason: string) => {
      if (running === started) running = null;
      for (const settle of started.waiting.values()) settle({ kind: "unreachable", message: reason });
      started.waiting.clear();
    };
    child.on("message", (reply: RotationReply) => {
      started.waiting.get(reply.number)?.(reply.outcome);
      started.waiting.delete(reply.number);
      if (started.waiting.size === 0) rest(started);
    });
    child.on("error", (error) => end(`the renewal process cannot be used: ${error.message}`));
    child.on("exit", () => end("the renewal process has ended"));
    child.send(settings, () => {});
    return started;
  }

  function rest(resting: Running): void {
    resting.child.channel?.unref();
    resting.idle = clock.timer(idleMs, () => letGo(resting));
  }

  function letGo(idling: Running): void {
    if (running === idling) running = null;
    if (idling.child.connected) idling.child.disconnect();
  }

  return {
    rotate(accountId, seen) {
      const current = (running ??= start());
      current.idle?.cancel();
      current.child.channel?.ref();
      const ask: RotationAsk = { number: ++asked, accountId, seen };
      return new Promise((resolve) => {
        current.waiting.set(ask.number, resolve);
        current.child.send(ask, () => {}); // a process that is gone is told by its exit
      });
    },
    close() {
      if (running) letGo(running);
    },
  };
}
