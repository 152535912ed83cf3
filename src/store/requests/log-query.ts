// The search words of the request log, as the original's clients send them: `prefix:value` finds it anywhere in the
// column, `prefix:=value` exactly, `status:404` and `status:5xx`; without a prefix every column is searched.

/** Columns that free text is looked for in, and that the text index holds. */
export const searchedColumns = [
  "trace_id",
  "key_id",
  "account_id",
  "method",
  "path",
  "protocol",
  "client_model",
  "model",
  "upstream_model",
  "reasoning_effort",
  "upstream_url",
  "status_code",
  "error_code",
  "error",
  "route_reason",
] as const;

export type SearchedColumn = (typeof searchedColumns)[number];

export type Condition =
  | { readonly kind: "equals"; readonly column: SearchedColumn | "status_class"; readonly value: string | number }
  | { readonly kind: "contains"; readonly columns: readonly SearchedColumn[]; readonly text: string };

const columnOf: Readonly<Record<string, SearchedColumn>> = {
  account: "account_id",
  account_id: "account_id",
  path: "path",
  request_path: "path",
  method: "method",
  model: "model",
  reasoning: "reasoning_effort",
  reason: "reasoning_effort",
  error: "error",
  key: "key_id",
  key_id: "key_id",
  upstream: "upstream_url",
  url: "upstream_url",
  trace: "trace_id",
};

/** Null when nothing is asked. */
export function parseLogQuery(query: string): Condition | null {
  const text = query.trim();
  if (text === "") return null;
  const [, prefix = "", exact = "", value = ""] = /^([a-z_]+):(=?)\s*(.*)$/is.exec(text) ?? [];
  const name = prefix.toLowerCase();
  if (name === "status" && value !== "") return statusCondition(value);
  const column = Object.hasOwn(columnOf, name) ? columnOf[name] : undefined;
  if (column === undefined) return { kind: "contains", columns: searchedColumns, text };
  if (exact) return { kind: "equals", column, value };
  if (value === "") return null;
  return { kind: "contains", columns: column === "error" ? ["error", "error_code"] : [column], text: value };
}

function statusCondition(value: string): Condition {
  const hundred = /^([1-9])xx$/i.exec(value)?.[1];
  if (hundred !== undefined) return { kind: "equals", column: "status_class", value: Number(hundred) };
  if (/^\d{3,9}$/.test(value)) return { kind: "equals", column: "status_code", value: Number(value) };
  return { kind: "contains", columns: ["status_code"], text: value };
}
