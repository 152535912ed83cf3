// The notices of this process: decided from what the watch over the pool sees, kept for those who ask, told as events, and
// posted to the webhook.

import { randomUUID } from "node:crypto";

import type { NoticeFacts, NoticeItem } from "../../contract/notice.ts";
import { noticeWords } from "../../contract/notice.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import type { Settings } from "../../contract/settings/table.ts";
import type { Clock } from "../../kit/clock.ts";
import type { Log } from "../../kit/log.ts";
import type { PoolMood, PoolSight } from "../../pool/notices.ts";
import { accountNotice, poolMood, poolNotice } from "../../pool/notices.ts";
import type { SightChange } from "./pool-watch.ts";
import type { Delivery } from "./webhook.ts";
import { postWebhook } from "./webhook.ts";
import { WebhookQueue } from "./webhook-queue.ts";

export interface NoticesOptions {
  readonly clock: Clock;
  readonly log: Pick<Log, "warn">;
  readonly settings: () => Settings;
  readonly onNotice: (notice: NoticeItem) => void;
}

const keptNotices = 200;

export class Notices {
  readonly #options: NoticesOptions;
  readonly #queue: WebhookQueue;
  #kept: readonly NoticeItem[] = [];
  /** Null until the pool has been seen: the state it is found in is no news. */
  #mood: PoolMood | null = null;

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#queue = new WebhookQueue({
      clock: options.clock,
      send: (body) => this.#post(body),
      onDrop: (message) => options.log.warn(`a notice did not reach the webhook: ${message}`),
    });
  }

  /** Takes the pool as it is, without a word. */
  begin(pool: PoolSight): void {
    this.#mood = poolMood("fine", pool, this.#thresholds());
  }

  /** Gives the notices that a look at the pool leads to. */
  look(changes: readonly SightChange[], pool: PoolSight): void {
    const before = this.#mood;
    if (before === null || !this.#options.settings().notices.isEnabled) return this.begin(pool);
    this.#mood = poolMood(before, pool, this.#thresholds());
    for (const change of changes) this.#give(accountNotice(change.before, change.after, pool));
    this.#give(poolNotice(before, this.#mood, pool));
  }

  /** The newest first. */
  list(): readonly NoticeItem[] {
    return this.#kept;
  }

  /** Posts a test once, whether notices are given or not. */
  async test(): Promise<ResultOf<"notices/test">> {
    const at = Math.floor(this.#options.clock.now() / 1000);
    const delivery = await this.#post(webhookBody({ id: randomUUID(), code: "test", at, message: testWords }));
    if (delivery === null) {
      return { isDelivered: false, statusCode: null, message: "no address is set: notices.webhookUrl" };
    }
    const { isDelivered, statusCode, message } = delivery;
    return { isDelivered, statusCode, message };
  }

  stop(): void {
    this.#queue.stop();
  }

  #give(facts: NoticeFacts | null): void {
    const { notices } = this.#options.settings();
    if (facts === null || (notices.kinds.length > 0 && !notices.kinds.includes(facts.code))) return;
    const item = this.#item(facts);
    this.#kept = [item, ...this.#kept.slice(0, keptNotices - 1)];
    this.#options.onNotice(item);
    if (notices.webhookUrl !== null) this.#queue.push(webhookBody(item));
  }

  #item(facts: NoticeFacts): NoticeItem {
    const { until, remainingPercent } = facts;
    return {
      ...facts,
      id: randomUUID(),
      at: Math.floor(this.#options.clock.now() / 1000),
      until: until === null ? null : Math.floor(until / 1000),
      remainingPercent: remainingPercent === null ? null : Math.round(remainingPercent),
      message: noticeWords(facts),
    };
  }

  #post(body: string): Promise<Delivery> | null {
    const { notices } = this.#options.settings();
    if (notices.webhookUrl === null) return null;
    const { allowsPrivateAddress } = notices;
    return postWebhook({ url: notices.webhookUrl, secret: notices.webhookSecret, allowsPrivateAddress }, body);
  }

  #thresholds() {
    const { notices } = this.#options.settings();
    return { lowReady: notices.poolLowReady, lowPercent: notices.poolLowPercent };
  }
}

const testWords = { en: "A test: notices of CodexManager arrive here.", zh: "测试：CodexManager 的通知会发送到这里。" };

/** `text` is what chat programs show. */
function webhookBody(notice: Pick<NoticeItem, "id" | "at" | "message"> & { readonly code: string }): string {
  const { en, zh } = notice.message;
  return JSON.stringify({ type: "notice", ...notice, text: `${en}\n${zh}` });
}
