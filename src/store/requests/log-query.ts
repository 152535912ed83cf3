// The search words of the request log, as the original's clients send them: `prefix:value` finds it anywhere in the
// column, `prefix:=value` exactly, `status:404` and `status:5xx`; without a prefix every column is searched.

export interface Condition {
  /** SQL without literals; true for every row when nothing is asked. */
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

const columnOf: Readonly<Record<string, string>> = {
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

const searchedColumns = [
  "trace_id",
  "key_id",
  "account_id",
  "method",
  "path",
  "protocol",
  "conversation",
  "model",
  "upstream_model",
  "reasoning_effort",
  "upstream_url",
  "status_code",
  "error_code",
  "error",
  "route_reason",
];

export function parseLogQuery(query: string): Condition {
  const text = query.trim();
  if (text === "") return { sql: "true", values: [] };
  const [, prefix = "", exact = "", value = ""] = /^([a-z_]+):(=?)\s*(.*)$/is.exec(text) ?? [];
  const name = prefix.toLowerCase();
  if (name === "status" && value !== "") return statusCondition(value);
  const column = Object.hasOwn(columnOf, name) ? columnOf[name] : undefined;
  if (!column) return anywhere(searchedColumns, text);
  if (exact) return { sql: `${column} = ?`, values: [value] };
  return anywhere(column === "error" ? ["error", "error_code"] : [column], value);
}

function statusCondition(value: string): Condition {
  const hundred = /^([1-9])xx$/i.exec(value)?.[1];
  if (hundred)
    return { sql: "status_code between ? and ?", values: [Number(hundred) * 100, Number(hundred) * 100 + 99] };
  if (/^\d{1,9}$/.test(value)) return { sql: "status_code = ?", values: [Number(value)] };
  return anywhere(["status_code"], value);
}

function anywhere(columns: readonly string[], value: string): Condition {
  const pattern = `%${value.replace(/[\\%_]/g, "\\$&")}%`;
  const sql = columns.map((column) => `${column} like ? escape '\\'`).join(" or ");
  return { sql: `(${sql})`, values: columns.map(() => pattern) };
}
