import type { EventId } from "@croft/protocol";
import { type ReadSql, rawSql, room, type as typeId, user } from "../sql.ts";
import type { TopologicalPosition } from "../stores/events.ts";
import type { RelationReader } from "../stores/relations.ts";

const FIRST: TopologicalPosition = { depth: Number.MIN_SAFE_INTEGER, position: Number.MIN_SAFE_INTEGER };
const LAST: TopologicalPosition = { depth: Number.MAX_SAFE_INTEGER, position: Number.MAX_SAFE_INTEGER };
const [BEFORE, AFTER, FORWARD, BACKWARD] = [rawSql("<"), rawSql(">"), rawSql("ASC"), rawSql("DESC")] as const;

export function sqlRelationReader(sql: ReadSql): RelationReader {
  return {
    async page({ roomId, eventId, levels, relType, eventType, sender, direction, from, to, upTo, limit }) {
      const backward = direction === "b";
      const start = from ?? (backward ? LAST : FIRST);
      const end = to ?? (backward ? FIRST : LAST);
      const order = backward ? BACKWARD : FORWARD;
      const rows = await sql.all<{ event_id: EventId }>`
        WITH RECURSIVE related (event_num, rel_type_num, level) AS (
          SELECT event_num, rel_type_num, 1 FROM event_relations WHERE related_event_id = ${eventId}
          UNION
          SELECT r.event_num, r.rel_type_num, p.level + 1
          FROM related p
          JOIN events e ON e.event_num = p.event_num
          JOIN event_relations r ON r.related_event_id = e.event_id
          WHERE p.level < ${levels}
        )
        SELECT DISTINCT e.event_id, e.depth, e.position
        FROM related x JOIN events e ON e.event_num = x.event_num
        WHERE e.room_num = ${room(roomId)} AND e.status = 0 AND e.redacted_by_num IS NULL AND e.position <= ${upTo}
          AND (e.depth, e.position) ${backward ? BEFORE : AFTER} (${start.depth}, ${start.position})
          AND (e.depth, e.position) ${backward ? AFTER : BEFORE} (${end.depth}, ${end.position})
          AND (${relType === undefined ? 1 : 0} = 1 OR x.rel_type_num = ${typeId(relType ?? "")})
          AND (${eventType === undefined ? 1 : 0} = 1 OR e.type_num = ${typeId(eventType ?? "")})
          AND (${sender === undefined ? 1 : 0} = 1 OR e.sender_num = ${sender === undefined ? 0 : user(sender)})
        ORDER BY e.depth ${order}, e.position ${order} LIMIT ${limit}`;
      return rows.map(({ event_id }) => event_id);
    },
  };
}
