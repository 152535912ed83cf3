// Reads the few fields of a Messages request that routing needs, from the bytes.

import { findMember, isTrue, scanMembers, stringOf } from "../../kit/json-scan.ts";
import type { RequestFields } from "../protocol.ts";
import { sessionOf } from "../responses/request.ts";

export function readMessagesFields(body: Buffer): RequestFields {
  const members = scanMembers(body);
  const inside = (object: string, key: string): string | undefined => {
    const member = findMember(members, object);
    return member === undefined ? undefined : stringOf(body, findMember(scanMembers(body, member.start), key));
  };
  const isFast = stringOf(body, findMember(members, "speed")) === "fast";
  return {
    model: stringOf(body, findMember(members, "model")) ?? null,
    isStream: isTrue(body, findMember(members, "stream")),
    reasoningEffort: inside("output_config", "effort") ?? null,
    serviceTier: isFast ? "fast" : (stringOf(body, findMember(members, "service_tier")) ?? null),
    conversation: sessionOf(inside("metadata", "user_id")),
  };
}
