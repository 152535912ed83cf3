// Makes bytes small while they wait to be needed again, off the main thread.

import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";

const compress = promisify<Buffer, Buffer>(zstdCompress);
const decompress = promisify<Buffer, Buffer>(zstdDecompress);

export function pack(bytes: Buffer): Promise<Buffer> {
  return compress(bytes);
}

/** Rejects when the bytes are not what `pack` made. */
export function unpack(packed: Buffer): Promise<Buffer> {
  return decompress(packed);
}
