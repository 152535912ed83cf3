// Puts the body to be sent into the slot: in the internal form, with what the key lays down.

import type { Failure } from "../contract/failure.ts";
import { LOST_FIELD } from "../contract/reasons.ts";
import { editMembers } from "../kit/json-edit.ts";
import { findMember, scanMembers, valueOf } from "../kit/json-scan.ts";
import { readRequestFields } from "../wire/responses/request.ts";
import type { RequestFault, Translation } from "../wire/translation.ts";
import type { Admitted } from "./admit.ts";
import { gatewayFailure, isFailure } from "./failures.ts";
import { fittingEffort } from "./fitting-effort.ts";

export interface Prepared {
  /** The way back for the answer; null when the client speaks the internal form. */
  readonly translation: Translation | null;
  /** Whether the body differs from what the client sent, which then cannot be forwarded in its compressed form. */
  readonly isEdited: boolean;
}

export interface PrepareParts {
  /** The ChatGPT backend is known to take more compressions than the public API. */
  readonly isCodexBackend: boolean;
  /** The efforts that a model takes; empty when nobody knows. */
  effortsOf(model: string): readonly string[];
}

/**
 * The ChatGPT backend is known to take zstd, as Codex sends it; any other compression is taken off. Where a key or a name lays
 * something down, the body is read in full: a field that is repeated further down must not get around it.
 */
export function prepareBody(admitted: Admitted, parts: PrepareParts): Prepared | Failure {
  const { call, route, body, isNative } = admitted;
  if (route.operation === "forward") return { translation: null, isEdited: body.sent !== body.text };
  const before = body.text;
  const translation = translate(admitted);
  if (translation !== null && isFailure(translation)) return translation;
  layDown(admitted);
  if (!isNative || isOtherModel(admitted)) fitEffort(admitted, parts);
  const isForwardable =
    body.sent === before || (parts.isCodexBackend && call.request.headers["content-encoding"] === "zstd");
  return { translation, isEdited: body.text !== before || !isForwardable };
}

function translate({ call, route, body, target }: Admitted): Translation | Failure | null {
  const translated = route.protocol.translate?.(body.text, target);
  if (translated === undefined) return null;
  if (!translated.ok) return requestFailure(translated.fault);
  const { translation } = translated;
  body.client = body.text;
  call.record.lost.push(...translation.dropped.map((field) => `${LOST_FIELD}${field}`));
  // Answers are always taken as a stream, whatever the client asked for.
  body.text = Buffer.from(JSON.stringify({ ...translation.request, stream: true, store: false }));
  return translation;
}

export function requestFailure({ code, message, param }: RequestFault): Failure {
  return { ...gatewayFailure(code, message), param };
}

function layDown({ body, key, fields, laidDown: { model, reasoningEffort, serviceTier } }: Admitted): void {
  const isAsSaid = key.model === null && (model === null || model === fields.model);
  if (isAsSaid && reasoningEffort === null && serviceTier === null) return;
  const said = readRequestFields(body.text);
  if (model !== null && model !== said.model) body.text = editMembers(body.text, { model: JSON.stringify(model) });
  if (serviceTier !== null && serviceTier !== said.serviceTier) {
    body.text = editMembers(body.text, { service_tier: JSON.stringify(serviceTier) });
  }
  if (reasoningEffort !== null && reasoningEffort !== said.reasoningEffort) {
    body.text = withEffort(body.text, reasoningEffort);
  }
}

/** Codex knows what the models it asks for take; others ask for what their vendor's models do. */
function fitEffort({ call, body, model }: Admitted, parts: PrepareParts): void {
  const asked = readRequestFields(body.text).reasoningEffort;
  if (asked === null) return;
  const effort = fittingEffort(asked, model === null ? [] : parts.effortsOf(model));
  if (effort !== asked) body.text = withEffort(body.text, effort);
  call.record.reasoningEffort = effort;
}

function isOtherModel({ fields, model }: Admitted): boolean {
  return model !== fields.model;
}

function withEffort(text: Buffer, effort: string): Buffer {
  const members = scanMembers(text);
  if (members === null) return text;
  const reasoning = valueOf(text, findMember(members, "reasoning"));
  return editMembers(text, { reasoning: JSON.stringify({ ...(reasoning as object | undefined), effort }) }, members);
}
