import { type ReadSql, user, type WriteSql } from "../sql.ts";
import type { FilterReader, FilterStore } from "../stores/filters.ts";

export const sqlFilterReader = (sql: ReadSql): FilterReader => ({
  async get(userId, filterId) {
    const row = await sql.one<{ filter: string }>`
      SELECT filter FROM filters WHERE user_num = ${user(userId)} AND filter_id = ${filterId}`;
    return row?.filter;
  },
  async count(userId) {
    const row = await sql.one<{ filters: number }>`
      SELECT COUNT(*) AS filters FROM filters WHERE user_num = ${user(userId)}`;
    return row?.filters ?? 0;
  },
});

export const sqlFilterStore = (sql: WriteSql): FilterStore => ({
  ...sqlFilterReader(sql),
  ensure(userId, filterId, filter) {
    sql.run`
      INSERT INTO filters (user_num, filter_id, filter) VALUES (${user(userId)}, ${filterId}, ${filter})
      ON CONFLICT (user_num, filter_id) DO NOTHING`;
  },
  deleteAll(userId) {
    sql.run`DELETE FROM filters WHERE user_num = ${user(userId)}`;
  },
});
