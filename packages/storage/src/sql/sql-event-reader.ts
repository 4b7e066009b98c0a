import { type EventId, type Pdu, prevEventIds, type RoomId } from "@croft/protocol";
import { anyOf, type ReadSql, rawSql, room, user } from "../sql.ts";
import type { EventReader, StoredEvent, TopologicalPosition } from "../stores/events.ts";
import type { EventCache } from "./event-cache.ts";
import { type EventRow, selectEventRows, storedEvent } from "./event-rows.ts";

const BEFORE = rawSql("<");
const AFTER = rawSql(">");
const FORWARD = rawSql("ASC");
const BACKWARD = rawSql("DESC");
const FIRST: TopologicalPosition = { depth: Number.MIN_SAFE_INTEGER, position: Number.MIN_SAFE_INTEGER };
const LAST: TopologicalPosition = { depth: Number.MAX_SAFE_INTEGER, position: Number.MAX_SAFE_INTEGER };

/** How each engine looks a few rows up by the numbers that a query of one row before gives. */
const AMONG = {
  sqlite: { begin: rawSql("IN ("), end: rawSql(")") },
  postgres: { begin: rawSql("= ANY (ARRAY("), end: rawSql("))") },
};

export function sqlEventReader(sql: ReadSql, cache: EventCache): EventReader {
  const byIds = async (eventIds: readonly EventId[]): Promise<StoredEvent[]> => {
    const found = new Map<EventId, StoredEvent>();
    const missing: EventId[] = [];
    for (const eventId of eventIds) {
      const event = cache.get(eventId);
      if (event === undefined) missing.push(eventId);
      else found.set(eventId, event);
    }
    if (missing.length > 0) {
      const remember = cache.reading();
      const rows = await sql.all<EventRow>`${selectEventRows} WHERE e.event_id ${anyOf(missing)}`;
      const events = rows.map(storedEvent);
      remember(events);
      for (const event of events) found.set(event.eventId, event);
    }
    return eventIds.flatMap((eventId) => found.get(eventId) ?? []);
  };

  const inOrder = (rows: readonly { event_id: EventId }[]) => byIds(rows.map(({ event_id }) => event_id));

  /** Oldest first. */
  const latestIds = async (
    roomId: RoomId,
    { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): Promise<EventId[]> => {
    const rows = await sql.all<{ event_id: EventId }>`
      SELECT event_id FROM events
      WHERE room_num = ${room(roomId)} AND status = 0 AND position > ${after} AND position <= ${upTo}
      ORDER BY position DESC LIMIT ${limit}`;
    return rows.map(({ event_id }) => event_id).reverse();
  };

  return {
    byIds,

    async byId(eventId) {
      return cache.get(eventId) ?? (await byIds([eventId]))[0];
    },

    async latest({ roomId, ...window }) {
      return byIds(await latestIds(roomId, window));
    },

    async latestOf({ roomIds, after, upTo, limit }) {
      const { begin, end } = AMONG[sql.dialect.engine];
      const rows = await sql.all<{ event_id: EventId }>`
        SELECT e.event_id
        FROM room_ids r CROSS JOIN events e
        WHERE r.room_num ${anyOf(roomIds.map(room))} AND e.event_num ${begin}
          SELECT n.event_num FROM events n
          WHERE n.room_num = r.room_num AND n.status = 0 AND n.position > ${after} AND n.position <= ${upTo}
          ORDER BY n.position DESC LIMIT ${limit}${end}
        ORDER BY e.position`;
      const events = Map.groupBy(await inOrder(rows), ({ roomId }) => roomId);
      return new Map(roomIds.map((roomId) => [roomId, events.get(roomId) ?? []]));
    },

    async page({ roomId, direction, from, to, upTo, limit }) {
      const backward = direction === "b";
      const start = from ?? (backward ? LAST : FIRST);
      const end = to ?? (backward ? FIRST : LAST);
      const order = backward ? BACKWARD : FORWARD;
      const rows = await sql.all<{ event_id: EventId }>`
        SELECT event_id FROM events
        WHERE room_num = ${room(roomId)} AND status = 0 AND position <= ${upTo}
          AND (depth, position) ${backward ? BEFORE : AFTER} (${start.depth}, ${start.position})
          AND (depth, position) ${backward ? AFTER : BEFORE} (${end.depth}, ${end.position})
        ORDER BY depth ${order}, position ${order} LIMIT ${limit}`;
      return inOrder(rows);
    },

    async roomsChangedSince(roomIds, after) {
      // One step into the index per room asked, however many events the room or the server has.
      const rows = await sql.all<{ room_id: RoomId }>`
        SELECT r.room_id FROM room_ids r
        WHERE r.room_num ${anyOf(roomIds.map(room))} AND EXISTS (
          SELECT 1 FROM events e WHERE e.room_num = r.room_num AND e.status = 0 AND e.position > ${after})`;
      return rows.map(({ room_id }) => room_id);
    },

    async prevEvents(eventId) {
      const [event] = await byIds([eventId]);
      return event === undefined ? [] : prevEventIds(JSON.parse(event.json) as Pdu);
    },

    async byTransaction({ userId, deviceId, path }) {
      const row = await sql.one<{ event_id: EventId }>`
        SELECT e.event_id FROM sent_transactions s JOIN events e ON e.event_num = s.event_num
        WHERE s.user_num = ${user(userId)} AND s.device_id = ${deviceId} AND s.path = ${path}`;
      return row?.event_id;
    },
  };
}
