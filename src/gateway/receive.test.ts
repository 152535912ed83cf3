import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { isFailure } from "./failures.ts";
import { receive } from "./receive.ts";
import { findTarget } from "./routes.ts";
import { openCall, respondRoute } from "./testing.ts";

const MAX = 10_000;
const text = Buffer.from(JSON.stringify({ input: "Grüße ".repeat(300) }));

const [zstd, gzip, br, deflate] = [
  promisify(zlib.zstdCompress),
  promisify(zlib.gzip),
  promisify(zlib.brotliCompress),
  promisify(zlib.deflate),
] as ReadonlyArray<(bytes: Buffer) => Promise<Buffer>> as [Encode, Encode, Encode, Encode];
type Encode = (bytes: Buffer) => Promise<Buffer>;

async function take(chunks: readonly Buffer[], headers: Record<string, string> = {}, finish = true) {
  const { call, request } = openCall(headers);
  const taking = receive({ call, target: findTarget("/v1/responses"), route: respondRoute, maxBytes: MAX });
  for (const chunk of chunks) request.write(chunk);
  if (finish) request.end();
  const result = await taking;
  return isFailure(result) ? { code: result.code, message: result.message } : result.body;
}

describe("a body", () => {
  test("arrives whole, however it is cut, and is the client's own where it was not compressed", async () => {
    const body = await take([text.subarray(0, 5), text.subarray(5)]);
    expect(body).toMatchObject({ sent: text, text });
    expect(await take([])).toMatchObject({ text: Buffer.alloc(0) });
    expect(await take([text], { "content-encoding": "identity" })).toMatchObject({ sent: text, text });
  });

  test.each([
    ["zstd", zstd],
    ["gzip", gzip],
    ["x-gzip", gzip],
    ["GZIP", gzip],
    ["br", br],
    ["deflate", deflate],
  ])("in %s is decompressed, and kept as it was sent", async (encoding, encode) => {
    const sent = await encode(text);
    expect(await take([sent], { "content-encoding": encoding })).toMatchObject({ sent, text });
  });

  test("compressed more than once is undone from the last to the first", async () => {
    const sent = await zstd(await br(await gzip(text)));
    expect(await take([sent], { "content-encoding": "gzip, br ,zstd" })).toMatchObject({ sent, text });
  });

  test.each([
    ["compress", "compress"],
    ["unknown below known", "lzma, gzip"],
    ["too many", "gzip,gzip,gzip,gzip"],
  ])("in an encoding nobody undoes is refused (%s)", async (_why, encoding) => {
    const refusal = await take([await gzip(text)], { "content-encoding": encoding });
    expect(refusal).toMatchObject({
      code: "unsupported_encoding",
      message: expect.stringContaining(encoding) as unknown,
    });
  });

  test.each(["zstd", "gzip", "br", "deflate"])("that is no %s although it says so is refused", async (encoding) => {
    expect(await take([text], { "content-encoding": encoding })).toMatchObject({ code: "invalid_request" });
    const cut = (await { zstd, gzip, br, deflate }[encoding]!(text)).subarray(0, -5);
    expect(await take([cut], { "content-encoding": encoding })).toMatchObject({ code: "invalid_request" });
  });
});

describe("a body too large", () => {
  test("is refused by its declared length, before a byte of it is read", async () => {
    const refusal = await take([], { "content-length": String(MAX + 1) }, false);
    expect(refusal).toEqual({
      code: "request_too_large",
      message: "request body too large: content-length=10001; at most 10000 bytes are accepted",
    });
  });

  test("is refused as soon as it is, without waiting for its end", async () => {
    const refusal = await take([Buffer.alloc(MAX), Buffer.alloc(1)], { "content-length": "5" }, false);
    expect(refusal).toMatchObject({ code: "request_too_large" });
  });

  test("is just not too large at the limit", async () => {
    expect(await take([Buffer.alloc(MAX)])).toMatchObject({ text: Buffer.alloc(MAX) });
  });

  test.each([
    ["zstd", zstd],
    ["gzip", gzip],
    ["br", br],
    ["deflate", deflate],
  ])("once decompressed is refused: a bomb in %s", async (encoding, encode) => {
    const bomb = await encode(Buffer.alloc(4 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(MAX);
    expect(await take([bomb], { "content-encoding": encoding })).toMatchObject({ code: "request_too_large" });
    expect(await take([await gzip(bomb)], { "content-encoding": `${encoding}, gzip` })).toMatchObject({
      code: "request_too_large",
    });
  });
});

test("a client that leaves in the middle of its body is no error of ours", async () => {
  const { call, request } = openCall();
  const taking = receive({ call, target: findTarget("/v1/responses"), route: respondRoute, maxBytes: MAX });
  request.write("half");
  request.destroy();
  expect(await taking).toMatchObject({ code: "client_closed" });
});
