import type { Dialect } from "../../sql.ts";

/** `thread` is empty for a receipt about the whole room. The event may be unknown here, so its id stands as text. */
export const receipts = (d: Dialect): readonly string[] => [
  `CREATE TABLE receipts (
    room_num ${d.int} NOT NULL,
    user_num ${d.int} NOT NULL,
    type_num ${d.int} NOT NULL,
    thread TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event_position ${d.int},
    ts ${d.int} NOT NULL,
    position ${d.int} NOT NULL,
    PRIMARY KEY (room_num, user_num, type_num, thread)
  )${d.withoutRowid}`,
  "CREATE INDEX receipts_by_position ON receipts (position)",
];
