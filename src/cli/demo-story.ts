// Tells what became of each request of the demo: the client's side of it, and from the request log who served and who
// could not.

import type { MethodName, ResultOf } from "../contract/rpc/table.ts";
import type { TrafficResult } from "../demo/index.ts";
import { shown } from "./context.ts";

export interface DemoStoryParts {
  readonly ask: <M extends MethodName>(method: M, params: object) => Promise<ResultOf<M>>;
  /** Resolves when finished requests can be read from the log. */
  readonly flush: () => Promise<void>;
  readonly out: (line: string) => void;
}

export interface DemoStory {
  tell(result: TrafficResult): void;
  /** Resolves when everything has been told. */
  end(): Promise<void>;
}

type Item = NonNullable<ResultOf<"requestlog/read">["item"]>;

export function demoStory({ ask, flush, out }: DemoStoryParts): DemoStory {
  const labels = ask("account/list", {}).then(({ items }) => new Map(items.map(({ id, label }) => [id, label])));
  let told: Promise<void> = Promise.resolve();

  async function lineOf(result: TrafficResult): Promise<string> {
    const { status, isComplete, model, durationMs, conversation, error, traceId } = result;
    const client = `${status}  ${model}  ${durationMs} ms  ${conversation.slice(0, 8)}`;
    if (traceId === null) return `${client}  ${shown(error)}`;
    await flush();
    const { item } = await ask("requestlog/read", { traceId });
    const story = item === null ? "" : `  ${storyOf(item, await labels)}`;
    return `${client}${story}${isComplete ? "" : `  ${shown(error)}`}`;
  }

  return {
    tell(result) {
      told = told.then(async () => out(await lineOf(result)));
    },
    end: () => told,
  };
}

/** "eva@… (bound)", and before it those that were tried in vain. */
function storyOf({ attempts, routeReason }: Item, labels: ReadonlyMap<string, string>): string {
  const name = (accountId: string): string => labels.get(accountId) ?? accountId;
  const steps = attempts.map(({ accountId, code }) =>
    code === null ? `${name(accountId)} (${routeReason})` : `${name(accountId)}: ${code}`,
  );
  return steps.join("  →  ");
}
