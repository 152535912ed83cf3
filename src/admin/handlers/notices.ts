// Notices over RPC.

import type { noticeMethods } from "../../contract/rpc/areas/notices.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import type { Handlers } from "../handler.ts";
import { done, failed } from "../handler.ts";

/** The notices of a running service. */
export interface NoticeSource {
  /** The newest first. */
  list(): ResultOf<"notices/list">["items"];
  test(): Promise<ResultOf<"notices/test">>;
}

/** Null when no service runs: then nothing was told. */
export function noticeHandlers(notices: NoticeSource | null): Handlers<keyof typeof noticeMethods> {
  return {
    "notices/list": async () => done({ items: notices?.list() ?? [] }),
    "notices/test": async () => (notices === null ? failed("no service is running") : done(await notices.test())),
  };
}
