// One line typed into a terminal without being shown.

import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Empty when the input was broken off by Ctrl+C or ended. */
export function hiddenLine(input: NodeJS.ReadableStream): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: nowhere, terminal: true });
  return new Promise((resolve) => {
    reader.once("line", (line) => {
      resolve(line);
      reader.close();
    });
    reader.once("SIGINT", () => reader.close());
    reader.once("close", () => resolve(""));
  });
}
