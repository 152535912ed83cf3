// Undoes HTTP content encodings, within a limit on what comes out.

import { promisify } from "node:util";
import * as zlib from "node:zlib";

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const decoders: Readonly<Record<string, Decoder>> = {
  zstd: promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress),
  gzip: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  "x-gzip": promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  br: promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
  deflate: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate),
};

/** More stacked encodings than this are somebody's joke. */
const MOST_ENCODINGS = 3;

export type Decoded =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly fault: "unsupported" | "too_large" | "malformed" };

/** `encoding` is the header's value, e.g. `zstd` or `gzip, br`. The same buffer comes back when nothing is to be done. */
export async function decodeContent(bytes: Buffer, encoding: string | undefined, maxBytes: number): Promise<Decoded> {
  const names = encodingNames(encoding);
  if (names.length > MOST_ENCODINGS) return { ok: false, fault: "unsupported" };
  let decoded = bytes;
  // The encoding named last was applied last and comes off first.
  for (const name of names.toReversed()) {
    const decoder = decoders[name];
    if (decoder === undefined) return { ok: false, fault: "unsupported" };
    try {
      decoded = await decoder(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
      return { ok: false, fault: isTooLarge ? "too_large" : "malformed" };
    }
  }
  return { ok: true, bytes: decoded };
}

function encodingNames(encoding: string | undefined): string[] {
  if (encoding === undefined) return [];
  const names = encoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  return names.filter((name) => name !== "" && name !== "identity");
}
