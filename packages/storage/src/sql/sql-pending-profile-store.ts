import type { UserId } from "@croft/protocol";
import { type ReadSql, user, type WriteSql } from "../sql.ts";
import type { PendingProfileReader, PendingProfileStore } from "../stores/pending-profiles.ts";

export const sqlPendingProfileReader = (sql: ReadSql): PendingProfileReader => ({
  async all() {
    const rows = await sql.all<{ user_id: UserId }>`
      SELECT u.user_id FROM pending_profiles p JOIN users u ON u.user_num = p.user_num ORDER BY p.user_num`;
    return rows.map(({ user_id }) => user_id);
  },
});

export const sqlPendingProfileStore = (sql: WriteSql, reader: PendingProfileReader): PendingProfileStore => ({
  ...reader,

  add(userId) {
    sql.run`INSERT INTO pending_profiles (user_num) VALUES (${user(userId)}) ON CONFLICT (user_num) DO NOTHING`;
  },

  remove(userId) {
    sql.run`DELETE FROM pending_profiles WHERE user_num = ${user(userId)}`;
  },
});
