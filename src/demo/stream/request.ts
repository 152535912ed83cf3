// The parts of a model request that the answer depends on, read leniently: refusing is the strictness rules' job.

export type Fields = Readonly<Record<string, unknown>>;

export interface OfferedTool {
  readonly type: string;
  readonly name: string;
  readonly namespace?: string;
  readonly parameters?: Fields;
}

/** The input as items; a plain string is one user message. */
export function inputItems(body: Fields): Fields[] {
  const { input } = body;
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  return Array.isArray(input) ? input.filter(isFields) : [];
}

/** All tools that a request offers, those of namespaces and of `additional_tools` items among them. */
export function offeredTools(body: Fields): OfferedTool[] {
  const added = inputItems(body).filter((item) => item["type"] === "additional_tools");
  return [...listOf(body["tools"]), ...added.flatMap((item) => listOf(item["tools"]))].flatMap((tool) => flatten(tool));
}

export function textOf(item: Fields): string {
  const { content } = item;
  if (typeof content === "string") return content;
  return listOf(content)
    .map((part) => (typeof part["text"] === "string" ? part["text"] : ""))
    .join("\n");
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function flatten(tool: Fields, namespace?: string): OfferedTool[] {
  const name = typeof tool["name"] === "string" ? tool["name"] : "";
  if (tool["type"] === "namespace") return listOf(tool["tools"]).flatMap((inner) => flatten(inner, name));
  const parameters = isFields(tool["parameters"]) ? tool["parameters"] : undefined;
  return [{ type: wordOf(tool["type"]), name, ...(namespace && { namespace }), ...(parameters && { parameters }) }];
}

/** Any JSON value as a word for comparing and for messages: text as it is, everything else as JSON. */
export function wordOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
}
