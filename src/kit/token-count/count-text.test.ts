import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countText } from "./count-text.ts";

/** As if every letter were a token; remembers what it was asked. */
function letters() {
  const pieces: string[] = [];
  const count = (text: string) => {
    pieces.push(text);
    return text.length;
  };
  return { pieces, count };
}

describe("a text", () => {
  test("is counted whole, in pieces that are cut between words", () => {
    const { pieces, count } = letters();
    const text = "The quick brown fox\n".repeat(10_000);
    expect(countText(text, count)).toBe(text.length);
    expect(pieces.join("")).toBe(text);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.slice(1).every((piece) => /^\s/.test(piece))).toBe(true);
  });

  test("is never cut within a character", () => {
    const unit = fc.constantFrom("a", " ", "\n", "é", "𝒳", "🦊");
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 50 }), fc.integer({ min: 1, max: 2000 }), (units, times) => {
        const { pieces, count } = letters();
        const text = units.join("").repeat(times).slice(0, 60_000).toWellFormed();
        countText(text, count);
        expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
        expect(pieces.join("")).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test("without blanks is counted in short pieces, and from some length on taken to go on as it began", () => {
    const { pieces, count } = letters();
    const text = "x".repeat(1_000_000);
    const half = (piece: string) => count(piece) / 2;
    expect(countText(text, half)).toBe(500_000);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(256);
    expect(pieces.join("").length).toBeLessThan(100_000);
  });

  test("of nothing has no tokens", () => {
    expect(countText("", letters().count)).toBe(0);
  });
});
