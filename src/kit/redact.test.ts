import { describe, expect, test } from "vitest";

import { redacted, withoutSecrets } from "./redact.ts";

describe("what is printed or logged", () => {
  test("has no control characters, escape sequences or direction overrides, and is one line", () => {
    expect(withoutSecrets("a\u001b[31mred\u0007\r\nb\u202ec\u009b")).toBe("a [31mred b c");
  });

  test.each([
    ["Authorization: Bearer abc.def", "Authorization: Bearer [redacted]"],
    ["token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.sig end", "token [redacted] end"],
    ["key sk-proj-1234567890 end", "key [redacted] end"],
    [`platform ${"0a".repeat(32)} end`, "platform [redacted] end"],
    ["via http://user:pass@proxy:1/", "via http://[redacted]@proxy:1/"],
    ["an ordinary sentence about tasks", "an ordinary sentence about tasks"],
  ])("hides the secret in %j", (text, clean) => expect(withoutSecrets(text)).toBe(clean));

  test("hides fields by name, at any depth, and keeps counts, ids and times", () => {
    const value = {
      accessToken: "x",
      nested: [{ password: "y", inputTokens: 3, tokenExpiresAt: 5, keyId: "gk_1" }],
      rpcTokenFile: "/d/t",
    };
    expect(redacted(value)).toEqual({
      accessToken: "[redacted]",
      nested: [{ password: "[redacted]", inputTokens: 3, tokenExpiresAt: 5, keyId: "gk_1" }],
      rpcTokenFile: "/d/t",
    });
  });

  test("shows an error with its cause", () => {
    const shown = redacted(new Error("outer", { cause: new Error("inner Bearer abc") }));
    expect(shown).toMatch(/Error: outer.* caused by Error: inner Bearer \[redacted\]/);
  });
});
