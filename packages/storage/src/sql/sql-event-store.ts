import { anyOf, event, room, type, user, type WriteSql } from "../sql.ts";
import type { EventReader, EventStore, NewEvent, StoredEvent } from "../stores/events.ts";
import type { EventCache } from "./event-cache.ts";
import { EVENT_STATUSES } from "./event-rows.ts";

export function sqlEventStore(sql: WriteSql, reader: EventReader, cache: EventCache): EventStore {
  return {
    ...reader,

    append(appended) {
      insertEvent(sql, appended);
      if (appended.relatesTo !== undefined) {
        const { eventId, relType } = appended.relatesTo;
        sql.run`
          INSERT INTO event_relations (related_event_id, event_num, rel_type_num)
          VALUES (${eventId}, ${event(appended.eventId)}, ${type(relType)})`;
      }
      sql.onSettled((committed) => {
        if (committed) cache.add(asStored(appended));
      });
    },

    redact({ eventId, by, json, contentStart, contentEnd }) {
      sql.run`
        UPDATE events
        SET redacted_by_num = ${event(by)}, json = ${json}, content_start = ${contentStart},
          content_end = ${contentEnd}, notifies = 0, highlights = 0
        WHERE event_num = ${event(eventId)}`;
      sql.run`DELETE FROM notification_deviations WHERE event_num = ${event(eventId)}`;
      sql.onSettled((committed) => {
        if (committed) cache.redacted(eventId);
      });
    },

    rememberTransaction({ userId, deviceId, path, eventId }, now) {
      sql.guard(1)`
        INSERT INTO sent_transactions (user_num, device_id, path, event_num, sent_ts)
        VALUES (${user(userId)}, ${deviceId}, ${path}, ${event(eventId)}, ${now})
        ON CONFLICT (user_num, device_id, path) DO NOTHING`;
    },

    forgetTransactions(userId, deviceIds) {
      sql.run`DELETE FROM sent_transactions WHERE user_num = ${user(userId)} AND device_id ${anyOf(deviceIds)}`;
    },

    forgetTransactionsBefore(before) {
      sql.run`DELETE FROM sent_transactions WHERE sent_ts < ${before}`;
    },
  };
}

function insertEvent(sql: WriteSql, e: NewEvent): void {
  const accepted = e.status === "accepted";
  sql.run`
    INSERT INTO events (event_num, event_id, room_num, type_num, sender_num, state_key, origin_server_ts, depth,
      position, status, state_before, state_after, content_start, content_end, device_id, txn_id, thread_root,
      notifies, highlights, json)
    VALUES (${sql.newEvent(e.eventId)}, ${e.eventId}, ${room(e.roomId)}, ${type(e.type)}, ${user(e.sender)},
      ${e.stateKey ?? null}, ${e.originServerTs}, ${e.depth}, ${e.position}, ${EVENT_STATUSES.indexOf(e.status)},
      ${e.stateBefore}, ${e.stateAfter}, ${e.contentStart}, ${e.contentEnd}, ${e.sentBy?.deviceId ?? null},
      ${e.sentBy?.txnId ?? null}, ${e.threadRoot ?? null}, ${accepted && e.notifies ? 1 : 0},
      ${accepted && e.highlights ? 1 : 0}, ${e.json})`;
}

/** What reading it back would give. */
function asStored(appended: NewEvent): StoredEvent {
  const { relatesTo: _relatesTo, notifies: _notifies, highlights: _highlights, threadRoot, ...event } = appended;
  return { ...event, position: event.position.value, redactedBy: undefined, threadRoot };
}
