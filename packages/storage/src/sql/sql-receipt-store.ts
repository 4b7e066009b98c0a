import type { EventId, RoomId, UserId } from "@croft/protocol";
import { anyOf, type ReadSql, type Row, rawSql, room, type as typeId, user, type WriteSql } from "../sql.ts";
import type { ReceiptReader, ReceiptRecord, ReceiptStore, ReceiptType } from "../stores/receipts.ts";

type ReceiptRow = Row & {
  readonly room_id: RoomId;
  readonly user_id: UserId;
  readonly type: ReceiptType;
  readonly thread: string;
  readonly event_id: EventId;
  readonly event_position: number | null;
  readonly ts: number;
  readonly position: number;
};

/** A primary key holds no NULL: a receipt about the whole room has the empty thread. */
const UNTHREADED = "";

const SELECT_RECEIPTS = rawSql(`
  SELECT i.room_id, u.user_id, t.type, r.thread, r.event_id, r.event_position, r.ts, r.position
  FROM receipts r
  JOIN room_ids i ON i.room_num = r.room_num
  JOIN users u ON u.user_num = r.user_num
  JOIN event_types t ON t.type_num = r.type_num`);

export function sqlReceiptReader(sql: ReadSql): ReceiptReader {
  return {
    async ofUser(roomId, userId) {
      const rows = await sql.all<ReceiptRow>`
        ${SELECT_RECEIPTS}
        WHERE r.room_num = ${room(roomId)} AND r.user_num = ${user(userId)}
        ORDER BY r.position`;
      return rows.map(receiptOf);
    },

    async changedSince({ roomIds, after, upTo, forUser }) {
      if (roomIds.length === 0) return [];
      // Few receipts are new and many are in the rooms: the plus keeps the engine from looking through the rooms.
      const roomNum = rawSql(after === 0 ? "r.room_num" : "+r.room_num");
      const rows = await sql.all<ReceiptRow>`
        ${SELECT_RECEIPTS}
        WHERE ${roomNum} ${anyOf(roomIds.map(room))} AND r.position > ${after} AND r.position <= ${upTo}
          AND (t.type <> 'm.read.private' OR r.user_num = ${user(forUser)})
        ORDER BY r.position`;
      return rows.map(receiptOf);
    },
  };
}

export function sqlReceiptStore(sql: WriteSql, reader: ReceiptReader): ReceiptStore {
  return {
    ...reader,

    set({ roomId, userId, type, threadId, eventId, eventPosition, ts }) {
      sql.run`
        INSERT INTO receipts (room_num, user_num, type_num, thread, event_id, event_position, ts, position)
        VALUES (${room(roomId)}, ${user(userId)}, ${typeId(type)}, ${threadId ?? UNTHREADED}, ${eventId},
          ${eventPosition ?? null}, ${ts}, ${sql.nextPosition()})
        ON CONFLICT (room_num, user_num, type_num, thread) DO UPDATE SET event_id = excluded.event_id,
          event_position = excluded.event_position, ts = excluded.ts, position = excluded.position
        WHERE receipts.event_position IS NULL OR excluded.event_position IS NULL
          OR excluded.event_position > receipts.event_position`;
      sql.touch(type === "m.read.private" ? { userId } : { roomId });
    },
  };
}

const receiptOf = (row: ReceiptRow): ReceiptRecord => ({
  roomId: row.room_id,
  userId: row.user_id,
  type: row.type,
  threadId: row.thread === UNTHREADED ? undefined : row.thread,
  eventId: row.event_id,
  eventPosition: row.event_position ?? undefined,
  ts: row.ts,
  position: row.position,
});
