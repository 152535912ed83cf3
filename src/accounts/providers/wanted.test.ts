import { expect, test } from "vitest";
import { readWish } from "./wanted.ts";

test("a preset says everything that is not said by hand", () => {
  expect(readWish({ preset: "deepseek-anthropic" })).toMatchObject({
    ok: true,
    value: {
      preset: "deepseek-anthropic",
      name: "DeepSeek (Anthropic format)",
      kind: "compatible",
      format: "messages",
      baseUrl: "https://api.deepseek.com/anthropic",
      keyPlace: "x-api-key",
      isPaid: true,
    },
  });
  const wish = { preset: "ollama", name: "Big box", baseUrl: "http://10.0.0.7:11434/v1" };
  expect(readWish(wish)).toMatchObject({ ok: true, value: { ...wish, isPaid: false, isOnMyNetwork: true } });
});

test("where everybody has an address of their own it must be given, as in the example", () => {
  expect(readWish({ preset: "azure" })).toMatchObject({
    ok: false,
    fault: { message: expect.stringMatching(/^baseUrl: .*openai\.azure\.com/) as string },
  });
  expect(readWish({})).toMatchObject({ ok: false, fault: { message: expect.stringMatching(/^baseUrl:/) as string } });
});

test("by hand, a kind brings its address and its usual format, and a host is a name", () => {
  expect(readWish({ kind: "anthropic" })).toMatchObject({
    ok: true,
    value: { name: "api.anthropic.com", format: "messages", baseUrl: "https://api.anthropic.com" },
  });
  expect(readWish({ baseUrl: "https://relay.example/v1" })).toMatchObject({
    ok: true,
    value: { kind: "compatible", format: "chat", name: "relay.example" },
  });
});

test("an unknown preset is named", () => {
  expect(readWish({ preset: "nobody" })).toMatchObject({
    ok: false,
    fault: { message: expect.stringContaining("nobody") as string },
  });
});
