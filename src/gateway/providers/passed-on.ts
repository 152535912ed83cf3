// Requests that a provider is sent as the client wrote them, because both speak the same format.
// Facts: servers of Chat Completions tell a stream's usage only when `stream_options.include_usage` asks for it, in a chunk
// without choices (developers.openai.com/api/docs/api-reference/chat).

import type { ProviderFormat } from "../../contract/provider.ts";
import { editMembers } from "../../kit/json-edit.ts";
import { asObject, parseJson } from "../../kit/json-value.ts";
import type { Planned } from "../plan.ts";

interface OwnRequest {
  readonly path: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the client will be told a chunk with the usage that it has not asked for. */
  readonly hidesUsage: boolean;
}

/** With this begins what we have sealed for a client in place of a signature: nobody else can read it. */
const OUR_SEAL = "Y3htMQ";
const PATHS: Readonly<Partial<Record<ProviderFormat, string>>> = {
  chat: "/chat/completions",
  messages: "/v1/messages",
};
/** What vendors let clients switch on for themselves. */
const OWN_HEADERS: ReadonlySet<string> = new Set(["anthropic-beta", "anthropic-version"]);

/** Null when the request has to be translated: something was laid down in it, or it holds what only we can read. */
export function passedOn(planned: Planned, format: ProviderFormat, model: string | null): OwnRequest | null {
  const { route, body: slot, laidDown, fields } = planned;
  const clientText = slot.client;
  if (route.protocol.name !== format || route.operation !== "respond" || clientText === null) return null;
  if (laidDown.reasoningEffort !== null || laidDown.serviceTier !== null) return null;
  if (clientText.includes(OUR_SEAL)) return null;
  const headers = ownHeaders(planned);
  if (format === "gemini")
    return { path: geminiPath(model ?? "", fields.isStream), body: clientText, headers, hidesUsage: false };
  const path = PATHS[format];
  if (path === undefined) return null;
  const edits: Record<string, string> = model === null ? {} : { model: JSON.stringify(model) };
  const usage = format === "chat" && fields.isStream ? withUsage(clientText) : null;
  if (usage !== null) edits["stream_options"] = usage;
  return { path, body: editMembers(clientText, edits), headers, hidesUsage: usage !== null };
}

/** The member that asks for a stream's usage; null when the client does so itself. */
function withUsage(text: Buffer): string | null {
  const options = asObject(asObject(parseJson(text))?.["stream_options"]) ?? {};
  return options["include_usage"] === true ? null : JSON.stringify({ ...options, include_usage: true });
}

function geminiPath(model: string, isStream: boolean): string {
  const call = isStream ? "streamGenerateContent?alt=sse" : "generateContent";
  return `/v1beta/models/${encodeURIComponent(model)}:${call}`;
}

function ownHeaders({ call }: Planned): Record<string, string> {
  const sent = Object.entries(call.request.headers).filter(([name]) => OWN_HEADERS.has(name));
  return Object.fromEntries(sent.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}
