import { type ReadSql, room, type WriteSql } from "../sql.ts";
import type { RoomDirectoryReader, RoomDirectoryStore } from "../stores/room-directory.ts";

export const sqlRoomDirectoryReader = (sql: ReadSql): RoomDirectoryReader => ({
  async isPublished(roomId) {
    return (await sql.one`SELECT 1 AS published FROM published_rooms WHERE room_num = ${room(roomId)}`) !== undefined;
  },
});

export const sqlRoomDirectoryStore = (sql: WriteSql, reader: RoomDirectoryReader): RoomDirectoryStore => ({
  ...reader,

  setPublished(roomId, published) {
    if (published) {
      sql.run`INSERT INTO published_rooms (room_num) VALUES (${room(roomId)}) ON CONFLICT (room_num) DO NOTHING`;
    } else {
      sql.run`DELETE FROM published_rooms WHERE room_num = ${room(roomId)}`;
    }
  },
});
