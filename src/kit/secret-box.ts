// Authenticated encryption of what is kept (AES-256-GCM). Where the key comes from is not decided here.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const formatVersion = 1;
const nonceLength = 12;
const tagLength = 16;
const headLength = 1 + nonceLength + tagLength;

export interface SecretBox {
  /** Encrypts a text or bytes; `context` (what the secret belongs to) must be given again to open it. */
  seal(secret: string | Buffer, context: string): Buffer;
  /** The text, or null when key, context or bytes are not those it was sealed with. */
  open(sealed: Uint8Array, context: string): string | null;
  /** The same for bytes. */
  openBytes(sealed: Uint8Array, context: string): Buffer | null;
}

/** `key` is 32 bytes. Layout of a sealed value: version, nonce (12), tag (16), ciphertext. */
export function createSecretBox(key: Buffer): SecretBox {
  function openBytes(sealed: Uint8Array, context: string): Buffer | null {
    if (sealed.length < headLength || sealed[0] !== formatVersion) return null;
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(1, 1 + nonceLength), {
      authTagLength: tagLength,
    });
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(1 + nonceLength, headLength));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(headLength)), decipher.final()]);
    } catch {
      return null;
    }
  }

  return {
    seal(secret, context) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
      const ciphertext = Buffer.concat([
        cipher.update(typeof secret === "string" ? Buffer.from(secret) : secret),
        cipher.final(),
      ]);
      return Buffer.concat([Buffer.of(formatVersion), nonce, cipher.getAuthTag(), ciphertext]);
    },
    open: (sealed, context) => openBytes(sealed, context)?.toString("utf8") ?? null,
    openBytes,
  };
}

/** Reads a 32-byte key written as 64 hex digits or as base64; null when `text` is neither. */
export function parseSecretKey(text: string): Buffer | null {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, "hex");
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return Buffer.from(trimmed, "base64");
  return null;
}
