import type { EventId, RoomId, UserId } from "@croft/protocol";
import { anyOf, event, type ReadSql, room, user, type WriteSql } from "../sql.ts";
import type { RoomReader, RoomStore } from "../stores/rooms.ts";

export function sqlRoomReader(sql: ReadSql): RoomReader {
  return {
    async byId(roomId) {
      const row = await sql.one<{ version: string; creator: UserId; partial_state: number }>`
        SELECT r.version, u.user_id AS creator, r.partial_state
        FROM rooms r JOIN users u ON u.user_num = r.creator_num
        WHERE r.room_num = ${room(roomId)}`;
      if (row === undefined) return undefined;
      return { roomId, version: row.version, creator: row.creator, partialState: row.partial_state === 1 };
    },

    async head(roomId) {
      const rows = await sql.all<{ state_group: number; event_id: EventId | null; depth: number | null }>`
        SELECT r.state_group, e.event_id, x.depth
        FROM rooms r
        LEFT JOIN forward_extremities x ON x.room_num = r.room_num
        LEFT JOIN events e ON e.event_num = x.event_num
        WHERE r.room_num = ${room(roomId)}
        ORDER BY x.depth, x.event_num`;
      const stateGroup = rows[0]?.state_group;
      if (stateGroup === undefined) return undefined;
      const forwardExtremities = rows.flatMap(({ event_id, depth }) =>
        event_id === null || depth === null ? [] : [{ eventId: event_id, depth }],
      );
      return { forwardExtremities, stateGroup };
    },

    async stateGroups(roomIds) {
      const rows = await sql.all<{ room_id: RoomId; state_group: number }>`
        SELECT i.room_id, r.state_group FROM rooms r JOIN room_ids i ON i.room_num = r.room_num
        WHERE r.room_num ${anyOf(roomIds.map(room))}`;
      return new Map(rows.map(({ room_id, state_group }) => [room_id, state_group]));
    },
  };
}

export function sqlRoomStore(sql: WriteSql, reader: RoomReader): RoomStore {
  return {
    ...reader,

    create({ roomId, version, creator, partialState }) {
      sql.guard(1)`
        INSERT INTO rooms (room_num, version, creator_num, partial_state, state_group)
        VALUES (${room(roomId)}, ${version}, ${user(creator)}, ${partialState ? 1 : 0}, 0)
        ON CONFLICT (room_num) DO NOTHING`;
    },

    moveHead({ roomId, consumed, added, stateGroup }) {
      const inRoom = room(roomId);
      // Most events take the place of one other: then one row changes.
      const replaced = Math.min(consumed.length, added.length);
      added.forEach(({ eventId, depth }, i) => {
        if (i < replaced) {
          sql.guard(1)`
            UPDATE forward_extremities SET event_num = ${event(eventId)}, depth = ${depth}
            WHERE room_num = ${inRoom} AND event_num = ${event(consumed[i]!)}`;
        } else {
          sql.run`
            INSERT INTO forward_extremities (room_num, event_num, depth)
            VALUES (${inRoom}, ${event(eventId)}, ${depth})`;
        }
      });
      for (const eventId of consumed.slice(replaced)) {
        sql.guard(1)`DELETE FROM forward_extremities WHERE room_num = ${inRoom} AND event_num = ${event(eventId)}`;
      }
      // And most leave the state as it is: then no row is written.
      sql.run`
        UPDATE rooms SET state_group = ${stateGroup}
        WHERE room_num = ${inRoom} AND state_group <> ${stateGroup}`;
    },
  };
}
