// The text index: what free text is looked for in, by three characters. It follows the log at some distance, in batches, and
// is cut into parts for ranges of ids: none grows so large that asking it takes long, and old ones go as a whole.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { searchedColumns } from "./log-query.ts";
import { transaction } from "./transaction.ts";

/** Ids per part. */
const partSize = 2 ** 17;
const columns = searchedColumns.join(", ");

/** What stands in another column as well is left out: the index is smaller, and free text is found all the same. */
const readRows = `
  select id, ${searchedColumns.map((column) => (/^(?:client|upstream)_model$/.test(column) ? `nullif(${column}, model)` : column)).join(", ")}
  from requests where id > ? and id < ? order by id limit ?`;

export interface TextPart {
  readonly table: string;
  /** Lowest id. */
  readonly from: number;
}

export class TextIndex {
  readonly #database: DatabaseSync;
  readonly #rows: StatementSync;
  readonly #inserts = new Map<number, StatementSync>();
  #through: number;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#rows = database.prepare(readRows);
    this.#rows.setReturnArrays(true);
    const last = database.prepare("select max(indexed_through) as id from text_parts").get()?.["id"];
    const first = database.prepare("select min(id) as id from requests").get()?.["id"];
    this.#through = Number(last ?? Number(first ?? 1) - 1);
  }

  /** Rows up to this id can be found; those after it have to be looked at. */
  get indexedThrough(): number {
    return this.#through;
  }

  /** The part that holds a row that is indexed; null when there is none. */
  partOf(id: number): TextPart | null {
    const part = Math.floor(id / partSize);
    const row = this.#database.prepare("select 1 from text_parts where part = ?").get(part);
    return row === undefined ? null : { table: tableOf(part), from: part * partSize };
  }

  /** How many ids below this one are in the index still. */
  deadRows(id: number): number {
    const part = this.#database.prepare("select min(part) as part from text_parts").get()?.["part"];
    return typeof part === "number" ? Math.max(0, Math.min(id, this.#through) - part * partSize) : 0;
  }

  /** Indexes up to so many rows below `nextId`. */
  follow(nextId: number, limit: number): void {
    const part = Math.floor((this.#through + 1) / partSize);
    const end = Math.min(nextId, (part + 1) * partSize);
    const rows = this.#rows.all(this.#through, end, limit) as unknown as (string | number | null)[][];
    const through = rows.length < limit ? end - 1 : Number(rows.at(-1)?.[0]);
    try {
      transaction(this.#database, () => {
        const insert = this.#insertInto(part);
        for (const row of rows) insert.run(...row);
        this.#database.prepare("insert or replace into text_parts values (?, ?)").run(part, through);
      });
    } catch (error) {
      this.#inserts.clear();
      throw error;
    }
    this.#through = through;
  }

  /** Removes one part that only holds rows below an id; false when there is none. */
  dropBelow(id: number): boolean {
    const row = this.#database.prepare("select min(part) as part from text_parts").get();
    const part = row?.["part"];
    if (typeof part !== "number" || (part + 1) * partSize > id || (part + 1) * partSize > this.#through) return false;
    this.#inserts.clear();
    transaction(this.#database, () => {
      this.#database.exec(`drop table ${tableOf(part)}`);
      this.#database.prepare("delete from text_parts where part = ?").run(part);
    });
    return true;
  }

  #insertInto(part: number): StatementSync {
    const known = this.#inserts.get(part);
    if (known !== undefined) return known;
    const table = tableOf(part);
    this.#database.exec(`create virtual table if not exists ${table} using
      fts5(${columns}, content = '', columnsize = 0, detail = column, tokenize = 'trigram')`);
    const insert = this.#database.prepare(
      `insert into ${table} (rowid, ${columns}) values (?, ${searchedColumns.map(() => "?").join(", ")})`,
    );
    this.#inserts.clear();
    this.#inserts.set(part, insert);
    return insert;
  }
}

function tableOf(part: number): string {
  return `requests_text_${part}`;
}
