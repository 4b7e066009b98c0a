import type { Dialect } from "../../sql.ts";

export const roomState = (d: Dialect): readonly string[] => [
  // A snapshot (base 0), or what differs from the base; see state-groups/.
  `CREATE TABLE state_groups (
    state_group ${d.int} PRIMARY KEY,
    base ${d.int} NOT NULL,
    entries ${d.blob} NOT NULL
  )`,
  `CREATE TABLE state_deltas (
    room_num ${d.int} NOT NULL,
    position ${d.int} NOT NULL,
    state_key_num ${d.int} NOT NULL,
    event_num ${d.int},
    previous_num ${d.int},
    PRIMARY KEY (room_num, position, state_key_num)
  )${d.withoutRowid}`,
];
