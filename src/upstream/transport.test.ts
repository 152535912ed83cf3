import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { createTransport, proxyIndex, type Transport } from "./transport.ts";

const CHATGPT = "https://chatgpt.com";

describe("the proxy of an account", () => {
  test.each([
    ["", 0xcbf29ce484222325n],
    ["a", 0xaf63dc4c8601ec8cn],
    ["foobar", 0x85944171f73967e8n],
  ])("is chosen by FNV-1a of its id: %j", (id, hash) => {
    for (const count of [1, 2, 3, 5]) expect(proxyIndex(id, count)).toBe(Number(hash % BigInt(count)));
  });

  test("is always one of those there are, and always the same", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 5 }), (id, count) => {
        const index = proxyIndex(id, count);
        expect(index >= 0 && index < count && index === proxyIndex(id, count)).toBe(true);
      }),
    );
  });
});

describe("a connection", () => {
  const opened: Transport[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((transport) => transport.close())));

  function transport(proxies: readonly string[] = [], environment: Record<string, string> = {}): Transport {
    const made = createTransport({ connectTimeoutMs: 1000, proxies, environment });
    opened.push(made);
    return made;
  }

  const kindOf = (made: Transport, origin = CHATGPT) => made.dispatcherFor("a", origin).constructor.name;

  test("is direct when no proxy is named", () => expect(kindOf(transport())).toBe("Agent"));

  test("goes through an account's own proxy, and accounts are spread over all of them", () => {
    const made = transport(["http://127.0.0.1:1", "http://127.0.0.1:2"]);
    expect(kindOf(made)).toBe("ProxyAgent");
    expect(made.dispatcherFor("a", CHATGPT)).toBe(made.dispatcherFor("a", CHATGPT));
    const used = Array.from({ length: 20 }, (_, index) => made.dispatcherFor(`account ${index}`, CHATGPT));
    expect(new Set(used).size).toBe(2);
  });

  test.each(["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"])("heeds %s when no proxies are set", (name) => {
    expect(kindOf(transport([], { [name]: "http://127.0.0.1:1" }))).toBe("EnvHttpProxyAgent");
    expect(kindOf(transport(["http://127.0.0.1:2"], { [name]: "http://127.0.0.1:1" }))).toBe("ProxyAgent");
  });

  test.each(["http://localhost:80", "http://127.0.0.1:4100", "https://[::1]:8443", "http://127.9.9.9"])(
    "to %s is always direct",
    (origin) => {
      expect(kindOf(transport(["http://127.0.0.1:1"]), origin)).toBe("Agent");
      expect(kindOf(transport([], { ALL_PROXY: "http://127.0.0.1:1" }), origin)).toBe("Agent");
    },
  );

  test.each(["http://localhost.evil.example", "http://127.0.0.1.evil.example"])(
    "to %s is not taken for loopback",
    (origin) => {
      expect(kindOf(transport(["http://127.0.0.1:1"]), origin)).toBe("ProxyAgent");
    },
  );
});
