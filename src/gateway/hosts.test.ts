import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Hosts, type Pass } from "./hosts.ts";

const HOST = "https://chatgpt.com";

/** A host whose circuit has opened at 0, after as many failures as it takes. */
function opened(): Hosts {
  const hosts = new Hosts();
  for (const pass of admitted(hosts, 5, 0)) fail(hosts, pass, 0);
  return hosts;
}

/** Requests of two accounts in turn, all of them let through. */
function admitted(hosts: Hosts, count: number, at: number): Sent[] {
  return Array.from({ length: count }, (_, place) => ({
    pass: letThrough(hosts, at),
    account: `account ${place % 2}`,
  }));
}

interface Sent {
  readonly pass: Pass;
  readonly account: string;
}

function letThrough(hosts: Hosts, at: number): Pass {
  const pass = hosts.admit(HOST, at);
  if (typeof pass === "number") throw new Error(`not before ${pass}`);
  return pass;
}

function fail(hosts: Hosts, { pass, account }: Sent, at: number): void {
  hosts.failed(pass, account, at);
}

/** Lets a probe through at `at` and fails it. */
function failProbe(hosts: Hosts, at: number): void {
  hosts.failed(letThrough(hosts, at), "account 0", at);
}

describe("a circuit", () => {
  test("opens after a few failures that several accounts met, later when it was one account alone", () => {
    const [many, one] = [new Hosts(), new Hosts()];
    for (const [place, sent] of admitted(many, 5, 0).entries()) {
      expect(typeof many.admit(HOST, 0)).toBe("object");
      fail(many, { ...sent, account: `account ${place}` }, 0);
    }
    for (const { pass } of admitted(one, 12, 0)) {
      expect(typeof one.admit(HOST, 0)).toBe("object");
      one.failed(pass, "account 0", 0);
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
    const hosts = new Hosts();
    for (const sent of admitted(hosts, 50, 0)) fail(hosts, sent, 0);
    expect(hosts.admit(HOST, 100)).toBe(2000);
  });

  test("takes no late failure for that of its probe", () => {
    const hosts = new Hosts();
    const [late, ...others] = admitted(hosts, 6, 0);
    for (const sent of others) fail(hosts, sent, 0);
    const probe = letThrough(hosts, 2000);
    fail(hosts, late!, 2100);
    hosts.abandoned(late!.pass);
    expect(hosts.admit(HOST, 3000)).toBe(5000);
    hosts.failed(probe, "account 0", 3000);
    expect(hosts.admit(HOST, 3000)).toBe(7000);
  });

  test.each([-1_000, -3_600_000])("does not stay open longer because the clock was set back to %d", (at) => {
    expect(typeof opened().admit(HOST, at)).toBe("object");
  });

  test("closes with the first answer, and forgets", () => {
    const hosts = opened();
    hosts.succeeded(letThrough(hosts, 2000));
    hosts.failed(letThrough(hosts, 2000), "account 0", 2000);
    letThrough(hosts, 2000);
  });

  test("lets another probe through when one ends without a word about the host", () => {
    const hosts = opened();
    const probe = letThrough(hosts, 2000);
    expect(hosts.admit(HOST, 2000)).toBe(4000);
    hosts.abandoned(probe);
    letThrough(hosts, 2000);
  });

  test("is a host's own", () => expect(typeof opened().admit("https://api.openai.com", 0)).toBe("object"));

  test("never lets two probes through at once", () => {
    const step = fc.constantFrom("ask", "wait", "fail", "abandon");
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const hosts = opened();
        let at = 0;
        let probe: Pass | null = null;
        for (const each of steps) {
          if (each === "wait") at += 1500;
          const pass = each === "ask" ? hosts.admit(HOST, at) : at;
          if (typeof pass === "object") expect(probe).toBeNull();
          if (typeof pass === "object") probe = pass;
          if (probe === null) continue;
          if (each === "fail") hosts.failed(probe, "account 0", at);
          if (each === "abandon") hosts.abandoned(probe);
          if (each === "fail" || each === "abandon") probe = null;
        }
      }),
    );
  });
});
