import type { EventId, RoomId, UserId } from "@croft/protocol";
import { rawSql } from "../sql.ts";
import type { EventStatus, StoredEvent } from "../stores/events.ts";

/** In the order of their numbers in the database. */
export const EVENT_STATUSES = ["accepted", "softFailed", "rejected", "outlier"] as const satisfies EventStatus[];

export type EventRow = {
  readonly event_id: EventId;
  readonly room_id: RoomId;
  readonly type: string;
  readonly sender: UserId;
  readonly state_key: string | null;
  readonly origin_server_ts: number;
  readonly depth: number;
  readonly position: number;
  readonly status: number;
  readonly state_before: number;
  readonly state_after: number;
  readonly content_start: number;
  readonly content_end: number;
  readonly redacted_by: EventId | null;
  readonly device_id: string | null;
  readonly txn_id: string | null;
  readonly thread_root: EventId | null;
  readonly json: string;
};

/** Everything of an event but its WHERE. */
export const selectEventRows = rawSql(`
  SELECT e.event_id, r.room_id, t.type, u.user_id AS sender, e.state_key, e.origin_server_ts, e.depth, e.position,
    e.status, e.state_before, e.state_after, e.content_start, e.content_end, b.event_id AS redacted_by,
    e.device_id, e.txn_id, e.thread_root, e.json
  FROM events e
  JOIN room_ids r ON r.room_num = e.room_num
  JOIN event_types t ON t.type_num = e.type_num
  JOIN users u ON u.user_num = e.sender_num
  LEFT JOIN events b ON b.event_num = e.redacted_by_num`);

export function storedEvent(row: EventRow): StoredEvent {
  const { device_id: deviceId, txn_id: txnId } = row;
  return {
    eventId: row.event_id,
    roomId: row.room_id,
    type: row.type,
    sender: row.sender,
    stateKey: row.state_key ?? undefined,
    originServerTs: row.origin_server_ts,
    depth: row.depth,
    position: row.position,
    json: row.json,
    contentStart: row.content_start,
    contentEnd: row.content_end,
    status: EVENT_STATUSES[row.status]!,
    stateBefore: row.state_before,
    stateAfter: row.state_after,
    redactedBy: row.redacted_by ?? undefined,
    sentBy: deviceId === null || txnId === null ? undefined : { deviceId, txnId },
    threadRoot: row.thread_root ?? undefined,
  };
}
