import type { Dialect } from "../../sql.ts";

/** `status` is an index into EVENT_STATUSES; 0 is accepted. Ids of events that may be unknown here stand as text. */
export const events = (d: Dialect): readonly string[] => [
  `CREATE TABLE events (
    event_num ${d.int} PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    room_num ${d.int} NOT NULL,
    type_num ${d.int} NOT NULL,
    sender_num ${d.int} NOT NULL,
    state_key TEXT,
    origin_server_ts ${d.int} NOT NULL,
    depth ${d.int} NOT NULL,
    position ${d.int} NOT NULL,
    status ${d.int} NOT NULL,
    state_before ${d.int} NOT NULL,
    state_after ${d.int} NOT NULL,
    content_start ${d.int} NOT NULL,
    content_end ${d.int} NOT NULL,
    redacted_by_num ${d.int},
    device_id TEXT,
    txn_id TEXT,
    thread_root TEXT,
    notifies ${d.int} NOT NULL,
    highlights ${d.int} NOT NULL,
    json TEXT NOT NULL
  )`,
  "CREATE INDEX events_by_position ON events (room_num, position) WHERE status = 0",
  "CREATE INDEX events_by_depth ON events (room_num, depth, position) WHERE status = 0",
  // Unread counts are counted from these indexes alone: whose own message it is does not count.
  `CREATE INDEX events_notifying ON events (room_num, position, sender_num)
    WHERE notifies = 1 AND thread_root IS NULL`,
  `CREATE INDEX events_notifying_in_threads ON events (room_num, position, thread_root, sender_num)
    WHERE notifies = 1 AND thread_root IS NOT NULL`,
  "CREATE INDEX events_highlighting ON events (room_num, position, thread_root, sender_num) WHERE highlights = 1",
  `CREATE TABLE event_relations (
    related_event_id TEXT NOT NULL,
    event_num ${d.int} NOT NULL,
    rel_type_num ${d.int} NOT NULL,
    PRIMARY KEY (related_event_id, event_num)
  )${d.withoutRowid}`,
  `CREATE TABLE sent_transactions (
    user_num ${d.int} NOT NULL,
    device_id TEXT NOT NULL,
    path TEXT NOT NULL,
    event_num ${d.int} NOT NULL,
    sent_ts ${d.int} NOT NULL,
    PRIMARY KEY (user_num, device_id, path)
  )${d.withoutRowid}`,
  // Time only grows, so that a new row goes to the end of the index.
  "CREATE INDEX sent_transactions_age ON sent_transactions (sent_ts)",
];
