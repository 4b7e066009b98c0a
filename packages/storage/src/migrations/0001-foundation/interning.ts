import type { Dialect } from "../../sql.ts";

/** Ids and the integers that stand for them, and how far each counter may have counted. */
export const interning = (d: Dialect): readonly string[] => [
  `CREATE TABLE users (user_num ${d.int} PRIMARY KEY, user_id TEXT NOT NULL UNIQUE)`,
  `CREATE TABLE room_ids (room_num ${d.int} PRIMARY KEY, room_id TEXT NOT NULL UNIQUE)`,
  `CREATE TABLE event_types (type_num ${d.int} PRIMARY KEY, type TEXT NOT NULL UNIQUE)`,
  `CREATE TABLE state_keys (state_key_num ${d.int} PRIMARY KEY, state_key TEXT NOT NULL UNIQUE)`,
  `CREATE TABLE counters (name TEXT PRIMARY KEY, reserved ${d.int} NOT NULL)`,
];
