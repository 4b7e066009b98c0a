import type { Dialect } from "../../sql.ts";

/** `notifies` and `highlights` are what to add to the counts that the event's own columns give: -1, 0 or 1. */
export const notificationCounts = (d: Dialect): readonly string[] => [
  `CREATE TABLE notification_deviations (
    event_num ${d.int} NOT NULL,
    user_num ${d.int} NOT NULL,
    room_num ${d.int} NOT NULL,
    position ${d.int} NOT NULL,
    thread_root TEXT,
    notifies ${d.int} NOT NULL,
    highlights ${d.int} NOT NULL,
    PRIMARY KEY (event_num, user_num)
  )${d.withoutRowid}`,
  `CREATE INDEX notification_deviations_notifying
    ON notification_deviations (user_num, room_num, position, thread_root, notifies) WHERE notifies <> 0`,
  `CREATE INDEX notification_deviations_highlighting
    ON notification_deviations (user_num, room_num, position, thread_root, highlights) WHERE highlights <> 0`,
  // How far users have read by sending; threads are named as in receipts.
  `CREATE TABLE implied_receipts (
    room_num ${d.int} NOT NULL,
    user_num ${d.int} NOT NULL,
    thread TEXT NOT NULL,
    position ${d.int} NOT NULL,
    PRIMARY KEY (room_num, user_num, thread)
  )${d.withoutRowid}`,
];
