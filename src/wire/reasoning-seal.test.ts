import { expect, test } from "vitest";
import { packReasoning } from "./chat/upstream/reasoning-pack.ts";
import { packSignature } from "./gemini/upstream/signature-pack.ts";
import { packThinking } from "./messages/upstream/thinking-pack.ts";
import { packSeal, unpackSeal } from "./reasoning-seal.ts";

test.each([
  ["ChatGPT", "gAAAAABo-_x="],
  ["Anthropic", packThinking({ type: "thinking", thinking: "Grüße", signature: "s" })],
  ["Gemini", packSignature({ on: "next", signature: "s" })],
  ["a server of Chat Completions", packReasoning({ field: "reasoning_content", text: "Hm.\nÄh, 🎉." })],
])("what %s has sealed comes back through clients of any format", (_who, ciphertext) => {
  expect(unpackSeal(packSeal({ owner: "ann", ciphertext }))).toEqual({ owner: "ann", ciphertext });
});

test.each(["", "sig", "RXB", Buffer.from("cxz1\nx").toString("base64"), "gAAAA x"])(
  "%j is nobody's seal",
  (ciphertext) => {
    expect(unpackSeal(packSeal({ owner: "ann", ciphertext }))).toBeNull();
  },
);
