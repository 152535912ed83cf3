// Recognises what the original's page sends by itself at each load: `initialize`, then its own idea of three settings, with the first
// message numbers, before it asks for anything. A change that a person makes in that page comes later.

import type { RpcRequest } from "../../contract/rpc/envelope.ts";

/** Marks such a message on its way from a web listener to a service in another process. */
export const LOAD_PUSH_HEADER = "x-codexmanager-load-push";

const PUSHED = new Set(["gateway/routeStrategy/set", "gateway/headerPolicy/set", "gateway/backgroundTasks/set"]);
const LAST_PUSH_ID = 4;
/** Pages remembered; each is forgotten with its first call of another kind. */
const MOST_LOADING = 100;

export class LoadPushes {
  readonly #loading = new Set<string>();

  /** Takes note of a page's message and says whether it is such a push. */
  isPush(session: string, { id, method }: Pick<RpcRequest, "id" | "method">): boolean {
    if (method === "initialize") {
      if (this.#loading.size >= MOST_LOADING) this.#loading.clear();
      this.#loading.add(session);
      return false;
    }
    const isPush = this.#loading.has(session) && PUSHED.has(method) && id <= LAST_PUSH_ID;
    if (!isPush) this.#loading.delete(session);
    return isPush;
  }
}
