import fc from "fast-check";
import { expect, test } from "vitest";
import { editMembers, type MemberEdits } from "./json-edit.ts";
import { scanMembers } from "./json-scan.ts";

const edited = (text: string, edits: MemberEdits) => editMembers(Buffer.from(text), edits).toString();

test.each([
  ["replaces a value", '{"a":1,"b":2}', { a: "3" }, '{"a":3,"b":2}'],
  ["removes a member", '{"a":1,"b":2,"c":3}', { b: null }, '{"a":1,"c":3}'],
  ["removes the last one left", '{"a":1}', { a: null }, "{}"],
  ["adds at the end", '{"a":1}', { z: '"new"' }, '{"a":1,"z":"new"}'],
  ["adds to an empty object", " { } ", { a: "1" }, '{"a":1}'],
  ["edits every member of a key that stands twice", '{"m":1,"b":2,"m":3}', { m: "4" }, '{"m":4,"b":2}'],
  ["removes every member of a key that stands twice", '{"m":1,"b":2,"m":3}', { m: null }, '{"b":2}'],
  ["finds a key however it is escaped", String.raw`{"\u006d":1}`, { m: "2" }, '{"m":2}'],
  ["writes a key that needs escapes", '{"é\\"":1}', { 'é"': "2" }, '{"é\\"":2}'],
  [
    "is not misled by names every object has",
    '{"constructor":1,"toString":2}',
    { a: null },
    '{"constructor":1,"toString":2}',
  ],
])("%s", (_title, text, edits, expected) => expect(edited(text, edits)).toBe(expected));

test("what is not named stays as it was, to the byte", () => {
  const odd = String.raw`{ "a" :  [1.0, 1E5,  "\u0041"] ,"b":1, "c":{"x" : 12345678901234567890 } }`;
  expect(edited(odd, { b: "2" })).toBe(
    String.raw`{"a" :  [1.0, 1E5,  "\u0041"],"b":2,"c":{"x" : 12345678901234567890 }}`,
  );
});

test("where nothing changes the same buffer comes back", () => {
  for (const text of ['{"a":1}', "no object", "[1]", '{"a":']) {
    const body = Buffer.from(text);
    expect(editMembers(body, { gone: null })).toBe(body);
  }
});

test("an edit means what parsing, changing and writing anew would mean", () => {
  const key = fc.constantFrom("a", "b", "c", "model", "é", '"');
  const anyObject = fc.dictionary(
    fc.oneof(key, fc.string({ unit: "binary" })),
    fc.jsonValue({ stringUnit: "binary" }),
    { noNullPrototype: true },
  );
  const anyEdits = fc.dictionary(key, fc.option(fc.jsonValue()), { noNullPrototype: true });
  fc.assert(
    fc.property(anyObject, anyEdits, fc.constantFrom("", "  "), (value, wanted, indent) => {
      const text = Buffer.from(JSON.stringify(value, null, indent));
      const edits = Object.entries(wanted).map(([name, edit]) => [name, edit === null ? null : JSON.stringify(edit)]);
      const expected = new Map(Object.entries(value));
      for (const [name, edit] of Object.entries(wanted)) {
        if (edit === null) expected.delete(name);
        else expected.set(name, edit);
      }
      const result = editMembers(text, Object.fromEntries(edits) as MemberEdits);
      expect(new Map(Object.entries(JSON.parse(result.toString()) as object))).toEqual(throughJson(expected));
      for (const { key: name, keyStart, end } of scanMembers(text) ?? []) {
        if (!(name in wanted)) expect(result.includes(text.subarray(keyStart, end))).toBe(true);
      }
    }),
  );
});

/** -0 and the like look the same once written. */
function throughJson(map: ReadonlyMap<string, unknown>): Map<string, unknown> {
  return new Map([...map].map(([key, value]) => [key, JSON.parse(JSON.stringify(value))]));
}
