import type { JsonObject } from "@croft/protocol";
import { type ReadSql, user, type WriteSql } from "../sql.ts";
import type { ProfileReader, ProfileStore } from "../stores/profiles.ts";

export const sqlProfileReader = (sql: ReadSql): ProfileReader => ({
  async get(userId) {
    const row = await sql.one<{ fields: string; version: number }>`
      SELECT fields, version FROM profiles WHERE user_num = ${user(userId)}`;
    if (row === undefined) return undefined;
    const fields: JsonObject = JSON.parse(row.fields);
    return { fields, version: row.version };
  },
});

export const sqlProfileStore = (sql: WriteSql): ProfileStore => ({
  ...sqlProfileReader(sql),
  replace(userId, fields, basedOn) {
    const text = JSON.stringify(fields);
    if (basedOn === undefined) {
      sql.guard(1)`
        INSERT INTO profiles (user_num, fields, version) VALUES (${user(userId)}, ${text}, 1)
        ON CONFLICT (user_num) DO NOTHING`;
    } else {
      sql.guard(1)`
        UPDATE profiles SET fields = ${text}, version = version + 1
        WHERE user_num = ${user(userId)} AND version = ${basedOn}`;
    }
  },
  delete(userId) {
    sql.run`DELETE FROM profiles WHERE user_num = ${user(userId)}`;
  },
});
