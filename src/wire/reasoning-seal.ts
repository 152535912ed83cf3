// Reasoning that an upstream has sealed, packed into the one field that other formats have for it (`signature`,
// `thoughtSignature`), together with the account that alone can open it.

const MARK = "cxm1";
/** Ciphertext as the ChatGPT backend makes it; it refuses anything else under that name. */
const GENUINE = /^gAAAA[\w-]+=*$/;

export interface Seal {
  /** Id of the account. */
  readonly owner: string;
  readonly ciphertext: string;
}

/** Base64, since some clients look whether a signature is. */
export function packSeal({ owner, ciphertext }: Seal): string {
  return Buffer.from(`${MARK}\n${owner}\n${ciphertext}`).toString("base64");
}

/** Null for a signature that is not one of ours: another vendor's says nothing to our upstreams. */
export function unpackSeal(signature: unknown): Seal | null {
  if (typeof signature !== "string") return null;
  const [mark, owner = "", ciphertext = ""] = Buffer.from(signature, "base64").toString("utf8").split("\n");
  return mark === MARK && owner !== "" && GENUINE.test(ciphertext) ? { owner, ciphertext } : null;
}
