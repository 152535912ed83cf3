// What stands between an upstream's stream and a client that expects another one.

export interface StreamFilter {
  /** What the client is sent for this chunk: whole events; may be empty. */
  push(chunk: Buffer): Buffer;
  /** What is left when the stream is over. */
  end(): Buffer;
}
