import type { ReadSql, WriteSql } from "../sql.ts";
import type { MetaReader, MetaStore } from "../stores/meta.ts";

export const sqlMetaReader = (sql: ReadSql): MetaReader => ({
  async get(key) {
    const row = await sql.one<{ value: string }>`SELECT value FROM meta WHERE key = ${key}`;
    return row?.value;
  },
});

export const sqlMetaStore = (sql: WriteSql, reader: MetaReader): MetaStore => ({
  ...reader,
  set(key, value) {
    sql.run`INSERT INTO meta (key, value) VALUES (${key}, ${value}) ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
  },
  setFirst(key, value) {
    sql.guard(1)`INSERT INTO meta (key, value) VALUES (${key}, ${value}) ON CONFLICT (key) DO NOTHING`;
  },
  remove(key) {
    sql.run`DELETE FROM meta WHERE key = ${key}`;
  },
});
