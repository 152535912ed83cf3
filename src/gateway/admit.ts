// Stage 3: lets in whoever shows a valid platform key and has a place on it, and takes over what the key lays down.

import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Failure } from "../contract/failure.ts";
import { clientLeft, gatewayFailure, isFailure } from "./failures.ts";
import type { KeyPlaces } from "./key-places.ts";
import type { AdmittedKey, KeySource } from "./ports.ts";
import type { ResolvedModel } from "./model-names.ts";
import type { Recognised } from "./recognise.ts";

export interface Admitted extends Recognised {
  readonly key: AdmittedKey;
  /** The model that counts: the key's, or else what the request's own name means. */
  readonly model: string | null;
  readonly laidDown: LaidDown;
}

/** What takes the place of the request's own words; null leaves those. */
export interface LaidDown {
  readonly model: string | null;
  readonly reasoningEffort: string | null;
  readonly serviceTier: string | null;
}

const nothingLaidDown: LaidDown = { model: null, reasoningEffort: null, serviceTier: null };

const RETRY_MS = 1000;
const JSON_WEB_TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

export interface AdmitParts {
  readonly keys: KeySource;
  readonly keyPlaces: KeyPlaces;
  queueWaitMs(): number;
  /** Which model a name means. */
  resolveModel(name: string, isNative: boolean): ResolvedModel;
}

export async function admit(recognised: Recognised, parts: AdmitParts): Promise<Admitted | Failure> {
  const admitted = admitKey(recognised, parts);
  if (isFailure(admitted)) return admitted;
  const { key, call } = admitted;
  if (key.maxInflight === 0) return admitted;
  const limits = { most: key.maxInflight, waitMs: parts.queueWaitMs() };
  const startedAt = performance.now();
  const isIn = await parts.keyPlaces.take(key.id, limits, (act) => call.whenGone(act));
  call.heldUp(performance.now() - startedAt);
  if (isIn) call.record.leaveKey = () => parts.keyPlaces.giveBack(key.id);
  return isIn ? admitted : call.isGone ? clientLeft : keyIsBusy(key, call.startedAt + limits.waitMs);
}

/** Somebody has to come back a moment later: this is no used-up quota. */
function keyIsBusy({ maxInflight }: AdmittedKey, now: number): Failure {
  const message = `This platform key has ${maxInflight} requests under way, which is all it may have. Try again shortly.`;
  return gatewayFailure("rate_limit_exceeded", message, now + RETRY_MS);
}

function admitKey(recognised: Recognised, parts: AdmitParts): Admitted | Failure {
  const { keys } = parts;
  const { call, fields, target, route, isNative } = recognised;
  const key = findKey(target.key, call.request.headers, keys);
  if (isFailure(key)) return key;
  // What is passed on as it is means what it says.
  const laidDown =
    route.operation === "forward"
      ? nothingLaidDown
      : layDown(key, fields.model, (name) => parts.resolveModel(name, isNative));
  call.record.keyId = key.id;
  call.record.model = laidDown.model ?? fields.model;
  call.record.reasoningEffort = laidDown.reasoningEffort ?? fields.reasoningEffort;
  call.record.serviceTier = laidDown.serviceTier ?? fields.serviceTier;
  keys.touch(key.id, call.startedAt);
  return { ...recognised, key, model: call.record.model, laidDown };
}

function layDown(key: AdmittedKey, asked: string | null, resolve: (name: string) => ResolvedModel): LaidDown {
  const named = key.model === null && asked !== null ? resolve(asked) : null;
  return {
    model: key.model ?? named?.model ?? null,
    reasoningEffort: key.reasoningEffort ?? named?.reasoningEffort ?? null,
    serviceTier: named?.serviceTier ?? null,
  };
}

/** A key in the address wins over any header, which then belongs to the client's own login. */
export function findKey(pathKey: string | null, headers: IncomingHttpHeaders, keys: KeySource): AdmittedKey | Failure {
  const secret = pathKey ?? presented(headers);
  if (secret === null) {
    return gatewayFailure(
      "missing_key",
      "No platform key: send one as `Authorization: Bearer …`, or create one first.",
    );
  }
  const key = keys.findByHash(hash("sha256", secret));
  if (key === null) {
    if (JSON_WEB_TOKEN.test(secret)) {
      return gatewayFailure(
        "login_instead_of_key",
        "This is a ChatGPT login, not a platform key. Put a platform key into the address: http://localhost:48760/k/<key>/v1",
      );
    }
    return gatewayFailure("unknown_key", "This platform key is not known here.");
  }
  return key.isEnabled ? key : gatewayFailure("key_disabled", "This platform key is disabled.");
}

function presented(headers: IncomingHttpHeaders): string | null {
  const apiKey = headers["x-api-key"] ?? headers["api-key"] ?? headers["x-goog-api-key"];
  if (typeof apiKey === "string" && apiKey.trim() !== "") return apiKey.trim();
  const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  return bearer ?? null;
}
