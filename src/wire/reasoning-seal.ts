// Reasoning that an upstream has sealed, packed into the one field that other formats have for it (`signature`,
// `thoughtSignature`), together with the account that alone can open it.

const MARK = "cxm1";
/**
 * What upstreams seal: ciphertext as the ChatGPT backend makes it, or a pack of another upstream format, whose own mark
 * (`cxa1`, `cxc1`, `cxg1`) shows in its base64. No upstream is given what is not its own.
 */
const GENUINE = /^(?:gAAAA[\w-]+|Y3h[hjn]M[\w+/]+)=*$/;

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
