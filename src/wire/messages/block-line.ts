// Content blocks in the order in which a client is to read them: one is open at a time, and what arrives for a later one
// waits in line. Clients count on it; one that saw a second end of a block has run its tool twice.

import type { JsonObject } from "../../kit/json-value.ts";
import type { Block } from "./answer.ts";
import { frame } from "./frame.ts";

/** One block as it is being written. */
export interface OpenBlock {
  /** As the block begins; the client fills it from the deltas. */
  readonly start: Block;
  /** Not sent yet. */
  waiting: JsonObject[];
  isDone: boolean;
  isStarted: boolean;
}

/** What becomes of one output item. It holds its place in the line from the first word about it. */
export interface Place {
  readonly blocks: OpenBlock[];
  isDone: boolean;
}

export class BlockLine {
  readonly #places: Place[] = [];
  readonly #onStart: (block: Block) => void;
  #index = 0;

  constructor(onStart: (block: Block) => void) {
    this.#onStart = onStart;
  }

  join(): Place {
    const place: Place = { blocks: [], isDone: false };
    this.#places.push(place);
    return place;
  }

  /** What can be sent now. */
  drain(): string {
    let out = "";
    for (;;) {
      const place = this.#places[0];
      if (place === undefined) return out;
      const block = place.blocks[0];
      if (block === undefined) {
        if (!place.isDone) return out;
        this.#places.shift();
        continue;
      }
      out += this.#write(block);
      // A block also ends where the next one of its item begins.
      if (!block.isDone && !place.isDone && place.blocks.length === 1) return out;
      out += frame("content_block_stop", { index: this.#index });
      this.#index += 1;
      place.blocks.shift();
    }
  }

  /** Nothing more will come. */
  finish(): string {
    for (const place of this.#places) place.isDone = true;
    return this.drain();
  }

  #write(block: OpenBlock): string {
    let out = "";
    if (!block.isStarted) {
      block.isStarted = true;
      this.#onStart(block.start);
      out += frame("content_block_start", { index: this.#index, content_block: block.start });
    }
    for (const delta of block.waiting) out += frame("content_block_delta", { index: this.#index, delta });
    block.waiting = [];
    return out;
  }
}

export function openBlock(place: Place, start: Block): OpenBlock {
  const block: OpenBlock = { start, waiting: [], isDone: false, isStarted: false };
  place.blocks.push(block);
  return block;
}
