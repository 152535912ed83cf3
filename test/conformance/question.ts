// Requests as people would tell of them, whatever format they are in. Clients ask them, upstreams are asked them.

export interface Asking {
  readonly call: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export type Saying =
  | { readonly who: "system" | "user" | "model"; readonly text: string }
  | { readonly who: "user"; readonly shows: "picture" | "document" }
  | ({ readonly who: "model" } & Asking)
  /** What a tool gave; with a picture, if it shows one. */
  | {
      readonly who: "tool";
      readonly of: string;
      readonly name: string;
      readonly gave: string;
      readonly shows?: "picture";
    };

export interface Question {
  readonly said: readonly Saying[];
  readonly hasTool?: boolean;
  readonly mustCall?: boolean;
  readonly hasSchema?: boolean;
}

export const PNG = "iVBORw0KGgo=";
export const PDF = "JVBERi0xLjQK";
export const TOOL = {
  name: "look",
  description: "Looks at a file.",
  schema: { type: "object", properties: { at: { type: "string" } }, required: ["at"] },
};
export const FORM = {
  type: "object",
  properties: { x: { type: "number" } },
  required: ["x"],
  additionalProperties: false,
};

const user = (text: string): Saying => ({ who: "user", text });
const model = (text: string): Saying => ({ who: "model", text });
const asks = (call: string, at: string): Saying => ({ who: "model", call, name: "look", args: { at } });
const gave = (of: string, text: string): Saying => ({ who: "tool", of, name: "look", gave: text });

export const questions: Readonly<Record<string, Question>> = {
  "a text": { said: [user("hi")] },
  "a text of many scripts": { said: [user("Grüße 你好 🎉 \u2028 end")] },
  "several turns with instructions": {
    said: [{ who: "system", text: "You help." }, user("hi"), model("Hello."), user("and now?")],
  },
  "a picture": { said: [user("look"), { who: "user", shows: "picture" }] },
  "a document": { said: [user("read"), { who: "user", shows: "document" }] },
  "with a tool": { said: [user("look")], hasTool: true },
  "with a tool that has to be called": { said: [user("look")], hasTool: true, mustCall: true },
  "for an answer by a schema": { said: [user("a point")], hasSchema: true },
  "what a tool gave": {
    said: [user("look"), model("I look."), asks("call_1", "a"), gave("call_1", "one"), user("and?")],
    hasTool: true,
  },
  "what calls side by side gave, the other way round": {
    said: [user("both"), asks("call_1", "a"), asks("call_2", "b"), gave("call_2", "two"), gave("call_1", "one")],
    hasTool: true,
  },
  "calls in several turns": {
    said: [
      user("go"),
      asks("call_1", "a"),
      gave("call_1", "one"),
      model("Now b."),
      asks("call_2", "b"),
      gave("call_2", "two"),
      model("Done."),
      user("thanks"),
    ],
    hasTool: true,
  },
  "a picture that a tool shows": {
    said: [
      user("look"),
      asks("call_1", "a.png"),
      { who: "tool", of: "call_1", name: "look", gave: "Here.", shows: "picture" },
    ],
    hasTool: true,
  },
};

/** A line for everything that is said, as `Reading` makes them. */
export function linesOf({ said, hasTool, mustCall, hasSchema }: Question): string[] {
  const reading = new Reading();
  for (const saying of said) {
    if (saying.who === "tool") reading.gave(saying.of, saying.gave, saying.shows === undefined ? 0 : 1);
    else if ("call" in saying) reading.calls(saying);
    else reading.says(saying.who, "text" in saying ? saying.text : `(${saying.shows})`);
  }
  if (hasTool === true) reading.tool(TOOL.name, TOOL.description, TOOL.schema);
  if (mustCall === true) reading.mustCall();
  if (hasSchema === true) reading.schema(FORM);
  return reading.lines;
}

/** Takes down what a request says. */
export class Reading {
  readonly lines: string[] = [];
  readonly #calls = new Map<string, string>();

  says(who: string, what: string): void {
    if (what !== "") this.lines.push(`${who}: ${what}`);
  }

  calls({ call, name, args }: Asking): void {
    const line = `${name}(${JSON.stringify(args)})`;
    this.#calls.set(call, line);
    this.lines.push(`model calls ${line}`);
  }

  gave(call: string, text: string, pictures: number): void {
    const line = this.#calls.get(call) ?? `unknown call ${call}`;
    this.lines.push(`${line} gave ${text}`, ...Array.from({ length: pictures }, () => `${line} showed a picture`));
  }

  tool(name: string, description: string, schema: unknown): void {
    const { properties, required } = schema as { properties?: unknown; required?: unknown };
    this.lines.push(`tool ${name}: ${description} ${JSON.stringify({ properties, required })}`);
  }

  mustCall(): void {
    this.lines.push("has to call");
  }

  schema(schema: unknown): void {
    const { properties, required } = schema as { properties?: unknown; required?: unknown };
    this.lines.push(`answers by ${JSON.stringify({ properties, required })}`);
  }
}
