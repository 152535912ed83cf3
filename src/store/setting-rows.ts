// The settings table: JSON values by key. What the keys mean and which values are legal is not known here.

import type { Connection } from "./schema.ts";

export interface SettingRows {
  list(): Promise<Map<string, unknown>>;
  /** `now` is epoch ms. */
  put(key: string, value: unknown, now: number): Promise<void>;
  remove(key: string): Promise<void>;
}

export function settingRows(db: Connection): SettingRows {
  return {
    async list() {
      const rows = await db.selectFrom("settings").selectAll().execute();
      return new Map(rows.map((row) => [row.key, JSON.parse(row.value) as unknown]));
    },
    async put(key, value, now) {
      const columns = { value: JSON.stringify(value), updated_at: now };
      const insertion = db.insertInto("settings").values({ key, ...columns });
      await insertion.onConflict((conflict) => conflict.column("key").doUpdateSet(columns)).execute();
    },
    async remove(key) {
      await db.deleteFrom("settings").where("key", "=", key).execute();
    },
  };
}
