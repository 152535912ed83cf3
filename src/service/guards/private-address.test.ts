import { describe, expect, test } from "vitest";

import { isPrivateAddress, literalAddress, publicLookup } from "./private-address.ts";

describe("an address", () => {
  test.each([
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fd00::1",
    "fe80::1",
    "ff02::1",
    "no address",
  ])("%s is private", (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each(["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1111", "::ffff:1.1.1.1"])(
    "%s is public",
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );

  test.each([
    ["http://127.1/x", "127.0.0.1"],
    ["http://0x7f000001/", "127.0.0.1"],
    ["http://[::1]:8/", "::1"],
    ["http://localhost/", null],
  ])("is read from %s", (url, address) => {
    expect(literalAddress(new URL(url))).toBe(address);
  });
});

test("a name that leads to this machine is not looked up", async () => {
  const error = await new Promise((resolve) => publicLookup("localhost", {}, resolve));
  expect(String(error)).toMatch(/is an address of this machine/);
});
