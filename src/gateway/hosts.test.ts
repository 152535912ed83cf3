import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Hosts } from "./hosts.ts";

const HOST = "https://chatgpt.com";

/** A host whose circuit has opened at 0, after as many failures as it takes. */
function opened(): Hosts {
  const hosts = new Hosts();
  for (let count = 0; count < 5; count += 1) hosts.failed(HOST, `account ${count % 2}`, 0);
  return hosts;
}

/** Lets a probe through at `at` and fails it. */
function failProbe(hosts: Hosts, at: number): void {
  expect(hosts.admit(HOST, at)).toBeNull();
  hosts.failed(HOST, "account 0", at);
}

describe("a circuit", () => {
  test("opens after a few failures that several accounts met, later when it was one account alone", () => {
    const [many, one] = [new Hosts(), new Hosts()];
    for (let count = 1; count <= 12; count += 1) {
      expect(one.admit(HOST, 0)).toBeNull();
      if (count <= 5) expect(many.admit(HOST, 0)).toBeNull();
      many.failed(HOST, `account ${count % 2}`, 0);
      one.failed(HOST, "account 0", 0);
    }
    expect(many.admit(HOST, 0)).toBe(2000);
    expect(one.admit(HOST, 0)).toBe(2000);
  });

  test("stays open for longer with every probe that fails, up to half a minute", () => {
    const hosts = opened();
    let at = 0;
    for (const wait of [2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      expect(hosts.admit(HOST, at)).toBe(at + wait);
      at += wait;
      failProbe(hosts, at);
    }
  });

  test("does not stay open longer because many requests were under way when it opened", () => {
    const hosts = opened();
    for (let late = 0; late < 50; late += 1) hosts.failed(HOST, `account ${late}`, 100);
    expect(hosts.admit(HOST, 100)).toBe(2000);
  });

  test("closes with the first answer, and forgets", () => {
    const hosts = opened();
    expect(hosts.admit(HOST, 2000)).toBeNull();
    hosts.succeeded(HOST);
    expect(hosts.admit(HOST, 2000)).toBeNull();
    hosts.failed(HOST, "account 0", 2000);
    expect(hosts.admit(HOST, 2000)).toBeNull();
  });

  test("lets another probe through when one ends without a word about the host", () => {
    const hosts = opened();
    expect(hosts.admit(HOST, 2000)).toBeNull();
    expect(hosts.admit(HOST, 2000)).toBe(4000);
    hosts.abandoned(HOST);
    expect(hosts.admit(HOST, 2000)).toBeNull();
  });

  test("is a host's own", () => expect(opened().admit("https://api.openai.com", 0)).toBeNull());

  test("never lets two probes through at once", () => {
    const step = fc.constantFrom("ask", "wait", "fail", "abandon");
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const hosts = opened();
        let [at, probing] = [0, 0];
        for (const each of steps) {
          if (each === "wait") at += 1500;
          if (each === "ask" && hosts.admit(HOST, at) === null) expect((probing += 1)).toBe(1);
          if (probing === 0) continue;
          if (each === "fail") hosts.failed(HOST, "account 0", at);
          if (each === "abandon") hosts.abandoned(HOST);
          if (each === "fail" || each === "abandon") probing = 0;
        }
      }),
    );
  });
});
