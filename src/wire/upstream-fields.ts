// Fields that lean on what OpenAI keeps, which no other upstream has seen: without them a request would be answered as if nothing
// had been said before.

import type { FailureCode } from "../contract/failure.ts";
import type { InternalRequest } from "./internal.ts";
import { FaultyRequest } from "./translation.ts";

const KEPT: ReadonlyArray<readonly [string, FailureCode]> = [
  ["previous_response_id", "previous_response_not_found"],
  ["conversation", "invalid_request"],
  ["prompt", "invalid_request"],
];

export function refuseKept(request: InternalRequest): void {
  for (const [field, code] of KEPT) {
    if ((request[field] ?? null) === null) continue;
    throw new FaultyRequest(field, `This upstream keeps nothing: \`${field}\` says nothing to it.`, code);
  }
  if (request["background"] === true) {
    throw new FaultyRequest("background", "This upstream answers at once or not at all.");
  }
}
