import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editMembers } from "./json-edit.ts";
import { findMember, isTrue, type Member, scanElements, scanMembers, stringOf, valueOf } from "./json-scan.ts";

const bytes = (text: string) => Buffer.from(text);

/** Writes a value the way some other program might: with white space and escapes of its own. */
function written(value: unknown, style: { space: string; isEscaped: boolean }): string {
  const { space } = style;
  const word = (text: string) => (style.isEscaped ? escaped(text) : JSON.stringify(text));
  if (typeof value === "string") return word(value);
  if (Array.isArray(value)) {
    return `[${space}${value.map((item) => written(item, style)).join(`${space},${space}`)}${space}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${word(key)}${space}:${space}${written(item, style)}`);
  return `${space}{${space}${members.join(`${space},${space}`)}${space}}`;
}

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}

const style = fc.record({ space: fc.constantFrom("", " ", "\n\t", "\r\n  "), isEscaped: fc.boolean() });
const anyValue = fc.jsonValue({ stringUnit: "binary", maxDepth: 4 });
/** No key is a lone backslash: next to one, the JSON.parse of Node 26.10 takes other escaped keys for it. */
const anyKey = fc
  .oneof(fc.string({ unit: "binary" }), fc.constantFrom('a"b', "\\\\", "é", ""))
  .filter((key) => key !== "\\");
const anyObject = fc.dictionary(anyKey, anyValue);

/** The members as a parser would read them: the last of a key counts. */
function parsed(text: Buffer, members: readonly Member[]): Map<string, unknown> {
  return new Map(members.map((member) => [member.key, valueOf(text, member)]));
}

describe("scanning members", () => {
  test("finds what a parser finds, whatever the nesting, escapes and white space", () => {
    fc.assert(
      fc.property(anyObject, style, (value, look) => {
        const text = bytes(written(value, look));
        const members = scanMembers(text);
        expect(parsed(text, members ?? [])).toEqual(new Map(Object.entries(JSON.parse(text.toString()) as object)));
      }),
    );
  });

  test("reads strings as a parser does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 120 }), style, (value, look) => {
        const text = bytes(written({ value }, look));
        expect(stringOf(text, findMember(scanMembers(text), "value"))).toBe(value);
      }),
    );
  });

  test("is not misled by quotes and backslashes at any place of a string, short or long", () => {
    for (let length = 0; length < 120; length += 1) {
      for (const end of ['"', "\\", '\\"', '"\\', '\\\\"', '","b":"']) {
        const value = { a: "x".repeat(length) + end, b: 1 };
        const text = bytes(JSON.stringify(value));
        expect(parsed(text, scanMembers(text) ?? [])).toEqual(new Map(Object.entries(value)));
      }
    }
  });

  test("a text that breaks off anywhere is no object", () => {
    const text = bytes(String.raw`{"a":[1,{"b":"}\\\""}], "é\n":-1.5e3 ,"c":{"d":null},"e":"${"\\\\".repeat(40)}"}`);
    expect(scanMembers(text)).toHaveLength(4);
    for (let length = 0; length < text.length; length += 1) expect(scanMembers(text.subarray(0, length))).toBeNull();
  });

  test("garbage is answered without an exception, and valid JSON among it is read right", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\u1t \n'.split(""))), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(anyObject, style, damage, (value, look, changes) => {
        const text = bytes(written(value, look));
        for (const [at, char] of changes) text[at % text.length] = char.charCodeAt(0);
        const members = scanMembers(text);
        for (const member of members ?? []) stringOf(text, member);
        editMembers(text, { model: '"m"' });
        const truth = parseObject(text);
        if (truth !== null) expect(parsed(text, members ?? [])).toEqual(truth);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    "",
    " ",
    "[]",
    '"a"',
    "1",
    "null",
    "{",
    "{]",
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    "{a:1}",
    String.raw`{"\x":1}`,
  ])("%j is no object", (text) => expect(scanMembers(bytes(text))).toBeNull());

  test("nesting of any depth is no danger", () => {
    const deep = `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)},"b":1}`;
    expect(scanMembers(bytes(deep))?.map(({ key }) => key)).toEqual(["a", "b"]);
  });
});

describe("single members", () => {
  const text = bytes(String.raw`{"s":"x","bad":"\x","t":true,"f":false,"n":1,"s":"last","mod\u0065l":"m"}`);
  const members = scanMembers(text);
  const find = (key: string) => findMember(members, key);

  test("of a key that stands twice the last counts, as for parsers", () => {
    expect(stringOf(text, find("s"))).toBe("last");
  });

  test("an escaped key is found by its meaning", () => {
    expect(stringOf(text, find("model"))).toBe("m");
  });

  test("what is missing, of another kind or malformed has no value", () => {
    expect(stringOf(text, find("absent"))).toBeUndefined();
    expect(stringOf(text, find("n"))).toBeUndefined();
    expect(stringOf(text, find("bad"))).toBeUndefined();
    expect(valueOf(text, find("bad"))).toBeUndefined();
    expect(valueOf(text, find("absent"))).toBeUndefined();
    expect(findMember(null, "a")).toBeUndefined();
  });

  test("only the literal true is true", () => {
    expect(["t", "f", "n", "s", "absent"].map((key) => isTrue(text, find(key)))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("scanning elements", () => {
  test("visits the elements a parser finds", () => {
    fc.assert(
      fc.property(fc.array(anyValue), style, (values, look) => {
        const text = bytes(written(values, look));
        const found: unknown[] = [];
        const isWhole = scanElements(
          text,
          0,
          (start, end) => found.push(JSON.parse(text.toString("utf8", start, end))) > 0,
        );
        expect(isWhole).toBe(true);
        expect(found).toEqual(JSON.parse(text.toString()));
      }),
    );
  });

  test("stops when the visitor has seen enough, and tells what is no array", () => {
    let visits = 0;
    expect(scanElements(bytes("[1,2,3]"), 0, () => ++visits < 2)).toBe(false);
    expect(visits).toBe(2);
    for (const text of ["", "{}", "[", "[1", "[1,", "[1 2]", "[,]"]) {
      expect(
        scanElements(bytes(text), 0, () => true),
        text,
      ).toBeNull();
    }
  });
});

function parseObject(text: Buffer): Map<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : null;
  } catch {
    return null;
  }
}
