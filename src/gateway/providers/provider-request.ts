// What a provider is sent for a request, and how its answer is read: the client's own bytes where both speak the same format,
// a translation of the internal form where they do not.

import type { Failure } from "../../contract/failure.ts";
import type { Provider } from "../../contract/provider.ts";
import { editMembers } from "../../kit/json-edit.ts";
import { asList, asObject, parseJson } from "../../kit/json-value.ts";
import { kinds } from "../../upstream/kinds.ts";
import { providerHeaders } from "../../upstream/provider-headers.ts";
import type { InternalRequest, Item } from "../../wire/internal.ts";
import { repairItems, textMessage } from "../../wire/responses/items.ts";
import { FaultyRequest, type RequestFault } from "../../wire/translation.ts";
import type { UpstreamFormat, UpstreamRequest } from "../../wire/upstream-format.ts";
import { formatNamed } from "../../wire/upstream-formats.ts";
import { gatewayFailure, isFailure } from "../failures.ts";
import type { Planned } from "../plan.ts";
import { AnswerReader } from "./answer-reader.ts";
import type { Outgoing } from "./outgoing.ts";
import { passedOn } from "./passed-on.ts";

/** Items that tell which tools there are. */
const TOOL_ITEMS: ReadonlySet<unknown> = new Set(["additional_tools", "tool_search_output"]);

export interface ProviderTerms {
  readonly provider: Provider;
  /** Who is asking, in the words of the header policy. */
  readonly userAgent: string;
}

/** `text` is the request in the internal form, without what only another account can read. */
export function providerRequest(planned: Planned, text: Buffer, terms: ProviderTerms): Outgoing | Failure {
  const { model, route, call } = planned;
  const { provider } = terms;
  const name = model === null ? null : (provider.terms.modelNames[model] ?? model);
  if (route.operation === "forward") return forwarded(planned, text, terms, name);
  const format = formatNamed(provider.format);
  if (format === null) {
    const body = name === null || name === model ? text : editMembers(text, { model: JSON.stringify(name) });
    return outgoing(terms, { path: pathOf(provider, route.upstreamPath, name), body, reader: null });
  }
  const request = internalRequest(text, name);
  if (request === null) return refused({ code: "invalid_request", message: "The request body must be a JSON object." });
  const reading = { request: withoutSaid(request), answerId: call.traceId, now: call.startedAt };
  const own = passedOn(planned, provider.format, name);
  if (own !== null) {
    const { body, headers, hidesUsage } = own;
    const reader = new AnswerReader(format, {
      ...reading,
      passedOn: planned.fields.isStream ? "stream" : "whole",
      hidesUsage,
    });
    return outgoing(terms, { path: pathOf(provider, own.path, name), body, reader, headers });
  }
  const written = translated(format, request);
  if (isFailure(written)) return written;
  const reader = new AnswerReader(format, { ...reading, passedOn: null });
  const body = Buffer.from(JSON.stringify(written.body));
  return outgoing(terms, { path: pathOf(provider, written.path, name), body, reader });
}

type Written = Pick<Outgoing, "path" | "body" | "reader"> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly isOpaque?: boolean;
};

function outgoing(
  { provider, userAgent }: ProviderTerms,
  { headers: own = {}, isOpaque = false, ...written }: Written,
): Outgoing {
  return {
    isOpaque,
    ...written,
    origin: new URL(provider.baseUrl).origin,
    isOverSocket: false,
    headers: ({ value: apiKey }) => providerHeaders(provider, { apiKey, userAgent, own }),
  };
}

/** As it is, form or JSON, but for the provider's own name of the model, which only JSON can be given. */
function forwarded(
  { target, call, model }: Planned,
  text: Buffer,
  terms: ProviderTerms,
  name: string | null,
): Outgoing {
  const type = call.request.headers["content-type"] ?? "application/json";
  const isRenamed = name !== null && name !== model && type.includes("json");
  return outgoing(terms, {
    path: pathOf(terms.provider, target.path.replace(/^\/v1(?=\/)/, ""), name),
    body: isRenamed ? editMembers(text, { model: JSON.stringify(name) }) : text,
    reader: null,
    headers: { "content-type": type, accept: "*/*" },
    isOpaque: true,
  });
}

function translated(format: UpstreamFormat, request: InternalRequest): UpstreamRequest | Failure {
  try {
    return format.request(request);
  } catch (error) {
    if (error instanceof FaultyRequest) return refused(error.fault);
    throw error;
  }
}

/** What an answer is read with is kept as long as its stream is open: not what was said, but the tools that came along. */
function withoutSaid(request: InternalRequest): InternalRequest {
  return { ...request, instructions: "", input: request.input.filter(({ type }) => TOOL_ITEMS.has(type)) };
}

function pathOf(provider: Provider, path: string, model: string | null): string {
  return kinds[provider.kind].pathOf(provider, path, model);
}

function internalRequest(text: Buffer, model: string | null): InternalRequest | null {
  const request = asObject(parseJson(text));
  if (request === null) return null;
  const { input } = request;
  const items = typeof input === "string" ? [textMessage(input)] : repairItems(asList(input));
  return { ...request, ...(model === null ? {} : { model }), input: items as readonly Item[] };
}

/** Another account may be one that can be asked: nobody is to blame. */
function refused({ code, message, param }: RequestFault): Failure {
  return { ...gatewayFailure(code, message), class: "request", retry: "next", ...(param ? { param } : {}) };
}
