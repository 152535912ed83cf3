// One notice posted to the address the user gave: signed, without redirects, and to a private address only when that is allowed.

import { createHmac } from "node:crypto";

import { Agent } from "undici";

import { fetchSmall } from "../../upstream/chatgpt/fetch-small.ts";
import { isPrivateAddress, literalAddress, PrivateAddressError, publicLookup } from "../guards/private-address.ts";
import { version } from "../version.ts";

interface WebhookTarget {
  readonly url: string;
  readonly secret: string | null;
  readonly allowsPrivateAddress: boolean;
}

export interface Delivery {
  readonly isDelivered: boolean;
  /** Null when no answer came. */
  readonly statusCode: number | null;
  /** Whether trying again may help. */
  readonly mayPass: boolean;
  /** A sentence without the address's path, which may be a secret. */
  readonly message: string;
}

const timeoutMs = 10_000;
const connectTimeoutMs = 5000;

export async function postWebhook(
  { url, secret, allowsPrivateAddress }: WebhookTarget,
  body: string,
): Promise<Delivery> {
  const { origin } = new URL(url);
  const literal = allowsPrivateAddress ? null : literalAddress(new URL(url));
  if (literal !== null && isPrivateAddress(literal)) return refused(new PrivateAddressError(literal).message);
  const dispatcher = new Agent({
    connect: { timeout: connectTimeoutMs, ...(allowsPrivateAddress ? {} : { lookup: publicLookup }) },
  });
  try {
    const headers = { "content-type": "application/json", "user-agent": `codexmanager/${version}` };
    const signed = secret === null ? headers : { ...headers, "x-codexmanager-signature": signature(secret, body) };
    const answer = await fetchSmall({ dispatcher, url, method: "POST", headers: signed, body, timeoutMs });
    if (!answer.ok) return { isDelivered: false, statusCode: null, mayPass: true, message: answer.message };
    return judge(origin, answer.status);
  } finally {
    await dispatcher.destroy();
  }
}

/** `sha256=` and the HMAC-SHA256 of the body in hex. */
function signature(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function judge(origin: string, statusCode: number): Delivery {
  const isDelivered = statusCode >= 200 && statusCode < 300;
  const mayPass = statusCode >= 500 || statusCode === 429 || statusCode === 408;
  return { isDelivered, statusCode, mayPass, message: `${origin} answered ${statusCode}` };
}

function refused(why: string): Delivery {
  const advice = "allow it with the setting notices.allowsPrivateAddress";
  return { isDelivered: false, statusCode: null, mayPass: false, message: `${why}; ${advice}` };
}
