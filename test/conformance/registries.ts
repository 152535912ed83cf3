// The formats that are registered, each with somebody who speaks it. A format without one fails the suite.

import type { ClientProtocol } from "../../src/wire/protocol.ts";
import { protocols } from "../../src/wire/protocols.ts";
import type { UpstreamFormat } from "../../src/wire/upstream-format.ts";
import { upstreamFormats } from "../../src/wire/upstream-formats.ts";
import { chatClient } from "./clients/chat.ts";
import type { DialectClient } from "./clients/client.ts";
import { geminiClient } from "./clients/gemini.ts";
import { messagesClient } from "./clients/messages.ts";
import { responsesClient } from "./clients/responses.ts";
import { chatSpeaker } from "./speakers/chat.ts";
import { geminiSpeaker } from "./speakers/gemini.ts";
import { messagesSpeaker } from "./speakers/messages.ts";
import { responsesSpeaker } from "./speakers/responses.ts";
import type { Speaker } from "./speakers/speaker.ts";
import { chatUpstream } from "./upstreams/chat.ts";
import { geminiUpstream } from "./upstreams/gemini.ts";
import { messagesUpstream } from "./upstreams/messages.ts";
import { responsesUpstream } from "./upstreams/responses.ts";
import type { DialectUpstream } from "./upstreams/upstream.ts";

const clients = [responsesClient, chatClient, messagesClient, geminiClient];
const upstreams = [responsesUpstream, chatUpstream, messagesUpstream, geminiUpstream];

const speakers = [responsesSpeaker, chatSpeaker, messagesSpeaker, geminiSpeaker];

export interface SpeakerSide {
  readonly protocol: ClientProtocol;
  readonly speaker: Speaker;
}

export interface ClientSide {
  readonly protocol: ClientProtocol;
  readonly client: DialectClient;
}

export interface UpstreamSide {
  /** Null for the internal form, whose bytes are passed on. */
  readonly format: UpstreamFormat | null;
  readonly upstream: DialectUpstream;
  readonly speaker: Speaker;
}

export const clientSides: readonly ClientSide[] = protocols.map((protocol) => ({
  protocol,
  client: spokenBy(clients, protocol.name),
}));

export const upstreamSides: readonly UpstreamSide[] = [
  { format: null, upstream: responsesUpstream, speaker: responsesSpeaker },
  ...upstreamFormats.map((format) => ({
    format,
    upstream: spokenBy(upstreams, format.name),
    speaker: spokenBy(speakers, format.name),
  })),
];

export const speakerSides: readonly SpeakerSide[] = protocols.map((protocol) => ({
  protocol,
  speaker: spokenBy(speakers, protocol.name),
}));

function spokenBy<T extends { readonly name: string }>(speakers: readonly T[], name: string): T {
  const speaker = speakers.find((each) => each.name === name);
  if (speaker === undefined) throw new Error(`Nobody in the suite speaks ${name}.`);
  return speaker;
}
