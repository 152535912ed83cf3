// Endpoints that clients know and that no upstream is asked for: the answer says so, and what to do instead.

import { gatewayFailure } from "../failures.ts";
import type { Aside } from "./aside.ts";

interface Unserved {
  /** Below `/v1`. */
  readonly path: RegExp;
  readonly name: string;
  /** Completes the sentence "… not served here". */
  readonly what: string;
  /** What a client may do instead, or what it would take. */
  readonly hint: string;
}

const BY_KEY = "ChatGPT accounts have no such endpoint, and requests to it are not passed on to providers.";

const UNSERVED: readonly Unserved[] = [
  {
    path: /^\/audio\/(?:voices|voice_consents)$/,
    name: "/v1/audio/{other}",
    what: "Voices are",
    hint: BY_KEY,
  },
  {
    path: /^\/(?:files|uploads)(?:\/.*)?$/,
    name: "/v1/files",
    what: "Files are",
    hint: `${BY_KEY} Send the content itself, as \`file_data\` or an image as a data URL.`,
  },
  {
    path: /^\/(?:messages\/)?batches(?:\/.*)?$/,
    name: "/v1/batches",
    what: "Batches are",
    hint: `${BY_KEY} Send the requests one by one.`,
  },
  {
    path: /^\/realtime(?:\/.*)?$/,
    name: "/v1/realtime",
    what: "Realtime sessions are",
    hint: BY_KEY,
  },
  {
    path: /^\/conversations(?:\/.*)?$/,
    name: "/v1/conversations",
    what: "Conversations are",
    hint: "Answers are kept: go on from one by `previous_response_id` on `/v1/responses`.",
  },
  {
    path: /^\/(?:assistants|threads|vector_stores|containers|fine_tuning|evals|videos)(?:\/.*)?$/,
    name: "/v1/{other}",
    what: "These objects are",
    hint: BY_KEY,
  },
];

export const unservedAsides: readonly Aside[] = UNSERVED.map(({ path, name, what, hint }) => ({
  path: new RegExp(`^(?:\\/v1)?${path.source.slice(1)}`),
  name,
  methods: null,
  answer: () => gatewayFailure("not_found", `${what} not served here. ${hint}`),
}));
