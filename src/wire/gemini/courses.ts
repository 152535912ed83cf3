// The items of one answer on their way, found by whichever of their names an event uses: its id or its place in the output.

import { asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";

/** An item on its way. */
export interface Course {
  /** As far as it is known; replaced by the finished one. */
  item: Item;
  isDone: boolean;
  /** What has come of its text, and how much of it the client has. */
  text: string;
  told: string;
  /** Numbers of the thoughts that were told. */
  readonly thoughts: Set<number>;
}

interface Names {
  readonly id: string | null;
  readonly place: number | null;
}

export class Courses {
  readonly #all: Course[] = [];
  /** Whom the last event spoke of: the next one mostly speaks of the same. */
  #last: (Names & { readonly course: Course }) | null = null;
  readonly #byName = new Map<string, Course>();

  /** The item an event is about, or holds; a new one of that type when it was not named before. */
  find(event: JsonObject, type = "message"): Course {
    const item = asObject(event["item"]);
    const id = asText(event["item_id"]) ?? asText(item?.["id"]);
    const place = asNumber(event["output_index"]);
    const last = this.#last;
    if (last !== null && last.id === id && last.place === place && id !== null) return last.course;
    const course = this.#findNamed({ id, place }, item ?? { type });
    this.#last = { id, place, course };
    return course;
  }

  #findNamed({ id, place }: Names, item: Item): Course {
    const names = [...(id === null ? [] : [`id ${id}`]), ...(place === null ? [] : [`at ${place}`])];
    const known = names.map((name) => this.#byName.get(name)).find((course) => course !== undefined);
    const course = known ?? this.#begin(item);
    for (const name of names) this.#byName.set(name, course);
    return course;
  }

  get items(): readonly Item[] {
    return this.#all.map(({ item }) => item);
  }

  get open(): readonly Course[] {
    return this.#all.filter(({ isDone }) => !isDone);
  }

  #begin(item: Item): Course {
    const course: Course = { item, isDone: false, text: "", told: "", thoughts: new Set() };
    this.#all.push(course);
    return course;
  }
}
