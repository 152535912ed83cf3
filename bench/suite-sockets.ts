// Idle WebSockets, as Codex keeps one open for each conversation: how fast they open and what each costs in memory.

import { WebSocket } from "ws";
import { json } from "./cases.ts";
import { type Around, measureCost, meterFor } from "./measure.ts";
import type { Row } from "./rows.ts";
import type { Subject } from "./subject.ts";
import { startSubjects, stopSubjects } from "./subjects.ts";

const AT_ONCE = 50;
const SETTLE_MS = 1500;
/** Most memory for each, bytes. */
const GOAL_BYTES = 60_000;
/** What Codex sends first: it opens a conversation and asks nobody. */
const PREWARM = JSON.stringify({ type: "response.create", model: "gpt-5.5", input: [], generate: false });

/** The second thousand: what the first allocates once is not the price of a connection. */
export async function measureSockets(count: number, around: Around): Promise<Row> {
  const subjects = await startSubjects(around, ["product"]);
  const open: WebSocket[] = [];
  try {
    const product = subjects.get("product") as Subject;
    await measureCost(product, { ...json, count: 2000 }, around);
    const meter = meterFor(product.child);
    open.push(...(await openSockets(product, count)));
    await settle();
    const before = (await meter.memory()).rss;
    const startedAt = performance.now();
    open.push(...(await openSockets(product, count)));
    const openedMs = performance.now() - startedAt;
    await settle();
    const each = ((await meter.memory()).rss - before) / count;
    return {
      name: "sockets",
      label: `${count} more idle WebSockets, memory each`,
      value: each / 1000,
      unit: "KB",
      goal: GOAL_BYTES / 1000,
      notes: [`opened in ${(openedMs / 1000).toFixed(1)} s`],
    };
  } finally {
    for (const socket of open) socket.terminate();
    await stopSubjects(subjects);
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

async function openSockets(subject: Subject, count: number): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const few = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () => openOne(subject));
    sockets.push(...(await Promise.all(few)));
  }
  return sockets;
}

/** Open, and its conversation begun. */
function openOne({ target }: Subject): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${target.port}/v1/responses`, {
    headers: { authorization: `Bearer ${target.secret}`, originator: "codex_exec" },
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    socket.on("open", () => socket.send(PREWARM));
    socket.on("error", reject);
    socket.on("message", (data) => {
      if ((data as Buffer).includes('"response.completed"')) resolve(socket);
    });
  });
}
