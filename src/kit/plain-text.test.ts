import { expect, test } from "vitest";
import { plainText } from "./plain-text.ts";

test("takes out what could move the cursor, colour the screen or turn the text around", () => {
  expect(plainText("  a\u001b[31mb\r\nc\u202ed\u0000 ")).toBe("a [31mb c d");
  expect(plainText("Müller 工作 👩‍💻")).toBe("Müller 工作 👩‍💻");
});

test("cuts what is too long, never through a character", () => {
  expect(plainText("abcdef", 3)).toBe("abc");
  expect(plainText("ab😀", 3).isWellFormed()).toBe(true);
});
