// Pictures that the model makes.

import { createHash } from "node:crypto";
import { asText, type JsonObject } from "../../kit/json-value.ts";
import type { ChatDelta } from "./delta.ts";

export class Pictures {
  readonly #shown = new Map<number, { readonly index: number; hash: string }>();

  /** A sketch or the finished picture of the item `number`; nothing when it is the one that was shown last. */
  show(number: number, source: JsonObject, field: string): ChatDelta[] {
    const image = asText(source[field]) ?? "";
    if (image === "") return [];
    const hash = createHash("sha256").update(image).digest("hex");
    const shown = this.#shown.get(number);
    if (shown?.hash === hash) return [];
    const index = shown?.index ?? this.#shown.size;
    this.#shown.set(number, { index, hash });
    const url = `data:image/${asText(source["output_format"]) ?? "png"};base64,${image}`;
    return [{ images: [{ index, type: "image_url", image_url: { url } }] }];
  }
}
