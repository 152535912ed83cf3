import { describe, expect, test } from "vitest";

import { HostGuard } from "./hosts.ts";

const loopback = new HostGuard({ boundHosts: ["127.0.0.1", "::1"], allowedHosts: ["Box.Lan"] });
const everywhere = new HostGuard({ boundHosts: ["0.0.0.0"], allowedHosts: [] });

describe("the host guard", () => {
  test.each(["localhost", "localhost:48760", "LOCALHOST:1", "127.0.0.1:48760", "[::1]:48760", "[::1]", "box.lan:1"])(
    "admits %s, each time",
    (host) => {
      expect(loopback.admits(host, "127.0.0.1")).toBe(true);
      expect(loopback.admits(host, "127.0.0.1")).toBe(true);
    },
  );

  test.each([
    undefined,
    "",
    "localhost.evil.test",
    "127.0.0.1.nip.io",
    "0.0.0.0:48760",
    "127.0.0.2",
    "localhost.",
    "evil.test@localhost",
    "localhost:48760:1",
    "[::]",
    "localhost/x",
    "127.1",
    "192.168.1.5",
  ])("turns away %s", (host) => expect(loopback.admits(host, "127.0.0.1")).toBe(false));

  test("under a wildcard listener the address the connection arrived at counts, no name and no other address", () => {
    expect(everywhere.admits("192.168.1.5:48760", "192.168.1.5")).toBe(true);
    expect(everywhere.admits("192.168.1.5:48760", "::ffff:192.168.1.5")).toBe(true);
    expect(everywhere.admits("192.168.1.6:48760", "192.168.1.5")).toBe(false);
    expect(everywhere.admits("nas.lan:48760", "192.168.1.5")).toBe(false);
    expect(everywhere.admits("0.0.0.0:48760", "0.0.0.0")).toBe(false);
  });
});
