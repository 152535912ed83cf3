// The request log over RPC.

import type { ParamsOf, ResultOf } from "../../contract/rpc/table.ts";
import type { Clock } from "../../kit/clock.ts";
import type { RequestLog } from "../../store/requests/request-log.ts";
import type { ListedRequest, LoggedRequest } from "../../store/requests/request-row.ts";
import type { Handlers } from "../handler.ts";
import { done, failed, toSeconds } from "../handler.ts";

export interface RequestLogDeps {
  readonly requests: Pick<RequestLog, "list" | "read" | "clear" | "usage">;
  readonly clock: Clock;
}

type Method = "requestlog/list" | "requestlog/read" | "requestlog/clear";
type Item = ResultOf<"requestlog/list">["items"][number];
type ReadItem = NonNullable<ResultOf<"requestlog/read">["item"]>;

const usualLimit = 200;
const mostItems = 1000;
const microUsd = 1_000_000;

export function requestLogHandlers({ requests }: RequestLogDeps): Handlers<Method> {
  return {
    "requestlog/list": async (params) => {
      const { query, limit, cursor, errorsOnly, ...filter } = params;
      const {
        items,
        cursor: nextCursor,
        searchedRows,
      } = await requests.list({
        ...filter,
        ...rangeOf(params),
        ...(query === null ? {} : { query }),
        failedOnly: errorsOnly ?? false,
        limit: Math.min(Math.max(limit ?? usualLimit, 1), mostItems),
        cursor: cursor ?? null,
      });
      return done({ items: items.map(toItem), nextCursor, searchedRows });
    },
    "requestlog/read": async ({ id, traceId }) => {
      if (traceId !== null) return done({ item: toReadItem(await requests.read({ traceId })) });
      if (id === null || id === undefined) return failed("id or traceId required");
      return done({ item: toReadItem(await requests.read({ id })) });
    },
    "requestlog/clear": async () => {
      await requests.clear();
      return done(null);
    },
  };
}

/** Unix seconds to epoch ms. */
export function rangeOf({ since, until }: Pick<ParamsOf<"requestlog/list">, "since" | "until">) {
  const toMs = (at: number | null | undefined) => (at === null || at === undefined ? null : at * 1000);
  return { since: toMs(since), until: toMs(until) };
}

function toReadItem(row: LoggedRequest | null): ReadItem | null {
  if (row === null) return null;
  const { skipped, ...listed } = row;
  return { ...toItem(listed), skipped: skipped.map((skip) => ({ ...skip, until: toSeconds(skip.until) })) };
}

/** The names of the original where it has one. */
function toItem({ path, firstAccountId, createdAt, ...row }: ListedRequest): Item {
  return {
    ...row,
    requestPath: path,
    estimatedCostUsd: row.costMicroUsd === null ? null : row.costMicroUsd / microUsd,
    createdAt: toSeconds(createdAt),
    initialAccountId: firstAccountId,
    candidates: [...row.candidates],
    attempts: [...row.attempts],
    lost: [...row.lost],
  };
}
