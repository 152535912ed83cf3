import { describe, expect, test } from "vitest";

import { normaliseAddress, splitAddress } from "./address.ts";

describe("normaliseAddress", () => {
  test.each([
    ["localhost:48760", "localhost:48760"],
    ["48760", "localhost:48760"],
    [" http://localhost:48760/app?x=1 ", "localhost:48760"],
    ["HTTPS://example.test:443/", "example.test:443"],
    ["[::1]:48760", "[::1]:48760"],
    ["0.0.0.0:0", "0.0.0.0:0"],
  ])("reads %j as %s", (text, address) => {
    expect(normaliseAddress(text)).toBe(address);
  });

  test.each(["", "localhost", ":48760", "localhost:", "localhost:65536", "::1:48760", "user@host:1", "a b:1"])(
    "refuses %j",
    (text) => {
      expect(normaliseAddress(text)).toBeNull();
    },
  );
});

describe("splitAddress", () => {
  test("takes host and port apart and drops the brackets of IPv6", () => {
    expect(splitAddress("localhost:48760")).toEqual({ host: "localhost", port: 48760 });
    expect(splitAddress("[::1]:0")).toEqual({ host: "::1", port: 0 });
  });

  test("throws for what was never normalised", () => {
    expect(() => splitAddress("localhost")).toThrow(/not a host:port/);
  });
});
