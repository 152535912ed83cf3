import { expect, test } from "vitest";
import { claimInstant, readClaims } from "./jwt.ts";

const token = (payload: string) => `eyJ.${Buffer.from(payload).toString("base64url")}.sig`;

test("reads claims without looking at the signature", () => {
  expect(readClaims(token('{"sub":"ü","exp":5}'))).toEqual({ sub: "ü", exp: 5 });
});

test("whatever is no token has no claims", () => {
  for (const text of ["", "opaque", "a.b", "a.b.c", "a.b.c.d", token("[]"), token("null"), token("{")]) {
    expect(readClaims(text), text).toBeNull();
  }
});

test("instants are seconds, and nonsense is no instant", () => {
  expect(claimInstant({ exp: 1.5 }, "exp")).toBe(1500);
  expect(claimInstant(null, "exp")).toBeNull();
  for (const exp of [0, -1, 1e12, "5", null]) expect(claimInstant({ exp }, "exp")).toBeNull();
});
