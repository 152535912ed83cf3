// Gathers the finished output items of a stream. The ChatGPT backend ends with an empty `output`, while SDKs read the
// answer from there.

import { editMembers } from "../../kit/json-edit.ts";
import { findMember, scanMembers, valueOf } from "../../kit/json-scan.ts";

/** The event whose payload `OutputItems` takes. */
export const ITEM_DONE = "response.output_item.done";

export class OutputItems {
  readonly #indexed = new Map<number, string>();
  readonly #others: string[] = [];

  /** Takes the payload of a `response.output_item.done` event. */
  add(payload: Buffer): void {
    const members = scanMembers(payload);
    const item = findMember(members, "item");
    if (item === undefined) return;
    const text = payload.toString("utf8", item.start, item.end);
    const index = valueOf(payload, findMember(members, "output_index"));
    if (typeof index === "number") this.#indexed.set(index, text);
    else this.#others.push(text);
  }

  /** The response object of a terminal event's payload with its `output` filled, unless the upstream did so itself. */
  fill(payload: Buffer): Buffer | null {
    const response = findMember(scanMembers(payload), "response");
    if (response === undefined) return null;
    const object = payload.subarray(response.start, response.end);
    const members = scanMembers(object);
    if (members === null) return null;
    const output = findMember(members, "output");
    const isFilled =
      output !== undefined && /^\[\s*\{/.test(object.toString("latin1", output.start, output.start + 16));
    return isFilled ? object : editMembers(object, { output: `[${this.#inOrder().join(",")}]` }, members);
  }

  #inOrder(): string[] {
    const indexed = [...this.#indexed].sort(([left], [right]) => left - right).map(([, text]) => text);
    return [...indexed, ...this.#others];
  }
}
