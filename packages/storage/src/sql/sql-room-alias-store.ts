import type { RoomAlias, RoomId, UserId } from "@croft/protocol";
import { type ReadSql, room, user, type WriteSql } from "../sql.ts";
import type { RoomAliasReader, RoomAliasStore } from "../stores/room-aliases.ts";

export const sqlRoomAliasReader = (sql: ReadSql): RoomAliasReader => ({
  async get(alias) {
    const row = await sql.one<{ room_id: RoomId; creator: UserId }>`
      SELECT r.room_id, u.user_id AS creator
      FROM room_aliases a JOIN room_ids r ON r.room_num = a.room_num JOIN users u ON u.user_num = a.creator_num
      WHERE a.alias = ${alias}`;
    return row === undefined ? undefined : { alias, roomId: row.room_id, creator: row.creator };
  },

  async ofRoom(roomId) {
    const rows = await sql.all<{ alias: RoomAlias }>`
      SELECT alias FROM room_aliases WHERE room_num = ${room(roomId)} ORDER BY alias`;
    return rows.map(({ alias }) => alias);
  },
});

export const sqlRoomAliasStore = (sql: WriteSql, reader: RoomAliasReader): RoomAliasStore => ({
  ...reader,

  create({ alias, roomId, creator }) {
    sql.guard(1)`
      INSERT INTO room_aliases (alias, room_num, creator_num) VALUES (${alias}, ${room(roomId)}, ${user(creator)})
      ON CONFLICT (alias) DO NOTHING`;
  },

  delete({ alias, roomId, creator }) {
    sql.guard(1)`
      DELETE FROM room_aliases
      WHERE alias = ${alias} AND room_num = ${room(roomId)} AND creator_num = ${user(creator)}`;
  },
});
