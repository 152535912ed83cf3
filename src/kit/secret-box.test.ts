import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSecretBox, parseSecretKey } from "./secret-box.ts";

const box = createSecretBox(randomBytes(32));

test("opens what it sealed, and seals the same text differently each time", () => {
  const first = box.seal("rt_secret ü", "credentials:a");
  expect(box.open(first, "credentials:a")).toBe("rt_secret ü");
  expect(box.seal("rt_secret ü", "credentials:a").equals(first)).toBe(false);
  expect(first.includes("rt_secret")).toBe(false);
});

test("opens bytes as they were, whatever they are", () => {
  const bytes = randomBytes(1000);
  expect(box.openBytes(box.seal(bytes, "responses:a"), "responses:a")).toEqual(bytes);
});

test("refuses another context, another key, and any changed byte", () => {
  const sealed = box.seal("secret", "credentials:a");
  expect(box.open(sealed, "credentials:b")).toBeNull();
  expect(createSecretBox(randomBytes(32)).open(sealed, "credentials:a")).toBeNull();
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed);
    changed[index]! ^= 1;
    expect(box.open(changed, "credentials:a")).toBeNull();
  }
  expect(box.open(Buffer.alloc(3), "credentials:a")).toBeNull();
});

test("reads keys as hex and base64 and nothing else", () => {
  const key = randomBytes(32);
  expect(parseSecretKey(` ${key.toString("hex")}\n`)).toEqual(key);
  expect(parseSecretKey(key.toString("base64"))).toEqual(key);
  expect(parseSecretKey(key.toString("base64url"))).toEqual(key);
  expect(parseSecretKey("password")).toBeNull();
  expect(parseSecretKey("")).toBeNull();
});
