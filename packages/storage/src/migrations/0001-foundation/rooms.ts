import type { Dialect } from "../../sql.ts";

export const rooms = (d: Dialect): readonly string[] => [
  `CREATE TABLE rooms (
    room_num ${d.int} PRIMARY KEY,
    version TEXT NOT NULL,
    creator_num ${d.int} NOT NULL,
    partial_state ${d.int} NOT NULL,
    state_group ${d.int} NOT NULL
  )`,
  `CREATE TABLE forward_extremities (
    room_num ${d.int} NOT NULL,
    event_num ${d.int} NOT NULL,
    depth ${d.int} NOT NULL,
    PRIMARY KEY (room_num, event_num)
  )${d.withoutRowid}`,
];
