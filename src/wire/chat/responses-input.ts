// Requests that come to this format's address with the `input` of the other one.
// Facts: Cursor sends Responses bodies to `/chat/completions` for the models it knows, and reads chunks.

import { asObject, asText } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import { missingItem, repairItems } from "../responses/items.ts";
import { fittingCallId } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";
import type { DeclaredTools } from "./tools.ts";

export function itemsOfInput(input: unknown, { names }: DeclaredTools): Item[] {
  if (typeof input === "string")
    return [{ type: "message", role: "user", content: [{ type: "input_text", text: input }] }];
  const list: readonly unknown[] = Array.isArray(input) ? input : [input];
  const missing = missingItem(list);
  if (missing !== null) {
    throw new FaultyRequest("input", `Items are not stored here: send the item \`${missing}\` itself in \`input\`.`);
  }
  return repairItems(list).map((value, index) => {
    const item = asObject(value);
    if (item === null) throw new FaultyRequest(`input[${index}]`, `\`input[${index}]\` must be an item.`);
    return fitting(item, (name) => names.shorten(name));
  });
}

/** With the names and ids that upstreams accept. */
function fitting(item: Item, shorten: (name: string) => string): Item {
  const callId = asText(item["call_id"]);
  const name = callId === null ? null : asText(item["name"]);
  return {
    ...item,
    ...(callId === null ? {} : { call_id: fittingCallId(callId) }),
    ...(name === null ? {} : { name: shorten(name) }),
  };
}
