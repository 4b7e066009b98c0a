import type { RoomId } from "@croft/protocol";
import { type ReadSql, room, type, user, type WriteSql } from "../sql.ts";
import type { AccountDataReader, AccountDataStore } from "../stores/account-data.ts";

type ContentRow = { readonly content: string; readonly position: number };

export const sqlAccountDataReader = (sql: ReadSql): AccountDataReader => ({
  async get({ userId, roomId, type: dataType }) {
    const row =
      roomId === undefined
        ? await sql.one<ContentRow>`
            SELECT content, position FROM account_data
            WHERE user_num = ${user(userId)} AND type_num = ${type(dataType)}`
        : await sql.one<ContentRow>`
            SELECT content, position FROM room_account_data
            WHERE user_num = ${user(userId)} AND room_num = ${room(roomId)} AND type_num = ${type(dataType)}`;
    return row && { roomId, type: dataType, content: row.content, position: row.position };
  },
  async sizeOf(userId) {
    const row = await sql.one<{ entries: number; bytes: number }>`
      SELECT COUNT(*) AS entries, COALESCE(SUM(bytes), 0) AS bytes FROM (
        SELECT OCTET_LENGTH(content) AS bytes FROM account_data WHERE user_num = ${user(userId)}
        UNION ALL
        SELECT OCTET_LENGTH(content) FROM room_account_data WHERE user_num = ${user(userId)}) AS contents`;
    return row ?? { entries: 0, bytes: 0 };
  },
  async changedSince(userId, after, upTo) {
    const rows = await sql.all<ContentRow & { room_id: RoomId | null; type: string }>`
      SELECT NULL AS room_id, t.type, d.content, d.position
      FROM account_data d JOIN event_types t ON t.type_num = d.type_num
      WHERE d.user_num = ${user(userId)} AND d.position > ${after} AND d.position <= ${upTo}
      UNION ALL
      SELECT r.room_id, t.type, d.content, d.position
      FROM room_account_data d
      JOIN event_types t ON t.type_num = d.type_num
      JOIN room_ids r ON r.room_num = d.room_num
      WHERE d.user_num = ${user(userId)} AND d.position > ${after} AND d.position <= ${upTo}
      ORDER BY position`;
    return rows.map(({ room_id, ...row }) => ({ roomId: room_id ?? undefined, ...row }));
  },
});

export const sqlAccountDataStore = (sql: WriteSql): AccountDataStore => ({
  ...sqlAccountDataReader(sql),
  set({ userId, roomId, type: dataType }, content) {
    if (roomId === undefined) {
      sql.run`
        INSERT INTO account_data (user_num, type_num, content, position)
        VALUES (${user(userId)}, ${type(dataType)}, ${content}, ${sql.nextPosition()})
        ON CONFLICT (user_num, type_num) DO UPDATE SET content = excluded.content, position = excluded.position`;
    } else {
      sql.run`
        INSERT INTO room_account_data (user_num, room_num, type_num, content, position)
        VALUES (${user(userId)}, ${room(roomId)}, ${type(dataType)}, ${content}, ${sql.nextPosition()})
        ON CONFLICT (user_num, room_num, type_num)
        DO UPDATE SET content = excluded.content, position = excluded.position`;
    }
    sql.touch({ userId });
  },
  // Positions begin at 1: based on nothing, an update matches no row and the guard fails.
  replace({ userId, roomId, type: dataType }, content, basedOn = 0) {
    if (roomId === undefined) {
      sql.guard(1)`
        INSERT INTO account_data (user_num, type_num, content, position)
        VALUES (${user(userId)}, ${type(dataType)}, ${content}, ${sql.nextPosition()})
        ON CONFLICT (user_num, type_num) DO UPDATE SET content = excluded.content, position = excluded.position
        WHERE account_data.position = ${basedOn}`;
    } else {
      sql.guard(1)`
        INSERT INTO room_account_data (user_num, room_num, type_num, content, position)
        VALUES (${user(userId)}, ${room(roomId)}, ${type(dataType)}, ${content}, ${sql.nextPosition()})
        ON CONFLICT (user_num, room_num, type_num)
        DO UPDATE SET content = excluded.content, position = excluded.position
        WHERE room_account_data.position = ${basedOn}`;
    }
    sql.touch({ userId });
  },
  deleteAll(userId) {
    sql.run`DELETE FROM account_data WHERE user_num = ${user(userId)}`;
    sql.run`DELETE FROM room_account_data WHERE user_num = ${user(userId)}`;
  },
});
