import { expect, test } from "vitest";
import { mediaOf } from "./upstream-media.ts";

test.each([
  ["data:application/pdf;base64,AA", null, { data: "AA", kind: "application/pdf" }],
  ["data:text/plain;charset=utf-8;base64,AA", null, { data: "AA", kind: "text/plain" }],
  ["AA", "a.PDF", { data: "AA", kind: "application/pdf" }],
  ["https://x.test/a.csv?b=c.d", null, { address: "https://x.test/a.csv?b=c.d", kind: "text/csv" }],
  ["https://x.test/a", null, { address: "https://x.test/a", kind: null }],
  ["AA", "a", null],
])("%s of %s", (source, name, media) => {
  expect(mediaOf(source, name)).toEqual(media);
});
