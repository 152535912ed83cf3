// The thread that counts tokens as the models of OpenAI read them (encoding o200k). Loading its table takes up to half a
// second, and a megabyte a tenth of one: on the main thread that would hold up every stream.

import { parentPort } from "node:worker_threads";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { countText } from "./count-text.ts";
import type { CountAnswer, CountQuestion } from "./count-thread.ts";

/** Words that mean something to a model are only letters in somebody's text. */
const plain = { disallowedSpecial: new Set<string>() };
const port = parentPort!;
const say = (answer: CountAnswer) => port.postMessage(answer);

port.on("message", ({ number, texts }: CountQuestion) => {
  const tokens = texts.reduce((sum, text) => sum + countText(text, (piece) => countTokens(piece, plain)), 0);
  say({ number, tokens });
});
