// Stage 2: finds out what the request is, from headers and a few fields of the body, without changing it.

import type { IncomingHttpHeaders } from "node:http";
import type { RequestFields } from "../wire/protocol.ts";
import { readForwardedFields } from "../wire/responses/forwarded.ts";
import { readNativeFields } from "../wire/responses/request.ts";
import type { Received } from "./receive.ts";

export interface Recognised extends Received {
  readonly fields: RequestFields;
  /** Sent by Codex itself, whose requests are passed through as they are. */
  readonly isNative: boolean;
  /** What names the conversation, if the client does so. */
  readonly conversationName: string | null;
  /** The conversation this one was started from. */
  readonly parentName: string | null;
}

/** Headers that name a conversation, first present wins: new Codex, old Codex, oldest Codex, Claude Code. */
const CONVERSATION_HEADERS = ["thread-id", "session-id", "session_id", "conversation_id", "x-claude-code-session-id"];
const LONGEST_NAME = 256;
const LARGE = 16 * 1024;

/** Originators of Codex and its descendants all begin like this (codex_cli_rs, codex-tui, codex_vscode, Codex Desktop). */
const NATIVE_ORIGINATOR = /^codex[_ -]/i;

export function isCodex(headers: IncomingHttpHeaders): boolean {
  return NATIVE_ORIGINATOR.test(first(headers["originator"]));
}

export function recognise(received: Received): Recognised {
  const { request, record } = received.call;
  const { headers } = request;
  const { route } = received;
  const isNative = route.protocol.translate === null && route.operation !== "forward" && isCodex(headers);
  const headerName = nameInHeaders(headers);
  const fields = readFields(received, isNative && headerName !== null);
  const bodyName = usable(fields.conversation);
  record.conversationSource = headerName !== null ? "header" : bodyName !== null ? "body" : null;
  record.isStream = fields.isStream;
  record.clientModel = record.model = fields.model;
  record.clientReasoningEffort = record.reasoningEffort = fields.reasoningEffort;
  record.serviceTier = fields.serviceTier;
  return {
    ...received,
    fields,
    isNative,
    conversationName: headerName ?? bodyName,
    parentName: usable(first(headers["x-codex-parent-thread-id"])),
  };
}

/** A small body is read in full, a large one only as far as its layout is not known beforehand. */
function readFields({ call, route, body, target }: Received, isLayoutKnown: boolean): RequestFields {
  if (route.operation === "forward") return readForwardedFields(body.text, call.request.headers["content-type"] ?? "");
  const native = isLayoutKnown && body.text.length > LARGE ? readNativeFields(body.text) : null;
  return native ?? route.protocol.readFields(body.text, target);
}

function nameInHeaders(headers: IncomingHttpHeaders): string | null {
  for (const header of CONVERSATION_HEADERS) {
    const name = usable(first(headers[header]));
    if (name !== null) return name;
  }
  return null;
}

function usable(name: string | null): string | null {
  return name === null || name.trim() === "" || name.length > LONGEST_NAME ? null : name;
}

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
