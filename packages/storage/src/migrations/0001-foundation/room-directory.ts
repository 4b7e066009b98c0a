import type { Dialect } from "../../sql.ts";

/** Aliases are few and looked up by their text: they are not interned. */
export const roomDirectory = (d: Dialect): readonly string[] => [
  `CREATE TABLE room_aliases (
    alias TEXT PRIMARY KEY,
    room_num ${d.int} NOT NULL,
    creator_num ${d.int} NOT NULL
  )${d.withoutRowid}`,
  "CREATE INDEX room_aliases_by_room ON room_aliases (room_num)",
  `CREATE TABLE published_rooms (room_num ${d.int} PRIMARY KEY)`,
  `CREATE TABLE pending_profiles (user_num ${d.int} PRIMARY KEY)`,
];
