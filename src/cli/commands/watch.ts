import type { ServiceEvent } from "../../contract/events.ts";
import { serviceRpc } from "../connect.ts";
import type { Context, Run } from "../context.ts";
import { shown, shownTime } from "../context.ts";
import { followEvents } from "../event-reader.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Words } from "../words/en.ts";

/** Labels of accounts by their ids. */
type Names = Map<string, string>;

export const run: Run = async (context) => {
  const { terminal, words, isJson } = context;
  const stopping = new AbortController();
  const close = terminal.onSignal(() => stopping.abort());
  const names: Names = new Map();
  try {
    for await (const event of followEvents(context, stopping.signal)) {
      if (!isJson) await learn(names, event, context);
      terminal.out(isJson ? JSON.stringify(event) : line(event, names, { words, now: terminal.clock.now() }));
    }
  } finally {
    close();
  }
  return exitCodes.done;
};

async function learn(names: Names, event: ServiceEvent, context: Context): Promise<void> {
  if (event.type === "account/changed" && event.item !== null) names.set(event.id, event.item.label);
  if (event.type !== "hello" && event.type !== "resync") return;
  const rpc = await serviceRpc(context, context.settings());
  // A service that is gone again is the stream's business.
  const list = await rpc?.call("account/list").catch(() => null);
  for (const { id, label } of list?.items ?? []) names.set(id, label);
}

function line(event: ServiceEvent, names: Names, { words, now }: { words: Words; now: number }): string {
  const time = new Date(now).toTimeString().slice(0, 8);
  return `${time}  ${event.type.padEnd(widest)}  ${shown(told(event, names, words))}`;
}

const widest = "settings/changed".length;

/** A type that this version does not know shows its name alone. */
function told(event: ServiceEvent, names: Names, { events: words, language }: Words): string {
  const named = (id: string | null) => names.get(id ?? "") ?? shown(id);
  switch (event.type) {
    case "hello":
      return words.connected(event.version);
    case "resync":
      return words.missed;
    case "account/changed":
      return event.item === null ? words.accountRemoved(named(event.id)) : account(event.item, words);
    case "usage/changed":
      return words.usage(named(event.id), percents(event.item));
    case "pool/changed":
      return words.pool(counts(event.byState));
    case "request/finished":
      return request(event.request, named(event.request.accountId), words);
    case "key/changed":
      return event.isRemoved ? words.keyRemoved(event.id) : words.key(event.id);
    case "settings/changed":
      return event.needsRestart ? words.settingPending(event.key) : words.setting(event.key);
    case "jobs/changed":
      return job(event.item, words);
    case "notice":
      return event.notice.message[language];
    default:
      return "";
  }
}

type EventWords = Words["events"];
type Event<T extends ServiceEvent["type"]> = Extract<ServiceEvent, { readonly type: T }>;

function account({ label, state, stateUntil }: NonNullable<Event<"account/changed">["item"]>, words: EventWords) {
  return words.account(label, state, stateUntil === null ? "" : shownTime(stateUntil));
}

function percents(item: Event<"usage/changed">["item"]): string {
  const known = [item?.usedPercent, item?.secondaryUsedPercent].filter((percent) => typeof percent === "number");
  return known.map((percent) => `${Math.round(percent)}%`).join(" · ") || "-";
}

function counts(byState: Event<"pool/changed">["byState"]): string {
  const some = Object.entries(byState).filter(([, count]) => count > 0);
  return some.map(([state, count]) => `${state} ${count}`).join(", ");
}

function request(row: Event<"request/finished">["request"], account: string, words: EventWords): string {
  return words.request(row.statusCode, shown(row.model), account, row.durationMs, row.attemptCount);
}

function job({ name, isRunning, lastError, nextRunAt }: Event<"jobs/changed">["item"], words: EventWords): string {
  if (isRunning) return words.jobRuns(name);
  return lastError === null ? words.jobWaits(name, shownTime(nextRunAt)) : words.jobFailed(name, lastError);
}
