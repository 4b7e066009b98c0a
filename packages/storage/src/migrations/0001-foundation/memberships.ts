import type { Dialect } from "../../sql.ts";

/** `membership` is an index into MEMBERSHIPS; 0 is join. */
export const memberships = (d: Dialect): readonly string[] => [
  `CREATE TABLE memberships (
    room_num ${d.int} NOT NULL,
    user_num ${d.int} NOT NULL,
    membership ${d.int} NOT NULL,
    event_num ${d.int} NOT NULL,
    position ${d.int} NOT NULL,
    joined_since ${d.int},
    sender_num ${d.int} NOT NULL,
    forgotten ${d.int} NOT NULL,
    stripped_state TEXT,
    PRIMARY KEY (room_num, user_num)
  )${d.withoutRowid}`,
  "CREATE INDEX memberships_by_room ON memberships (room_num, membership)",
  "CREATE INDEX memberships_by_user ON memberships (user_num, membership)",
  "CREATE INDEX memberships_by_change ON memberships (user_num, position)",
];
