import { silentLogger, TestClock } from "@croft/runtime";
import { interning } from "../migrations/0001-foundation/interning.ts";
import type { Migration } from "../migrations/migrations.ts";
import { type EngineChoice, openSqlStorage } from "../open-storage.ts";
import type { ReadSql, WriteSql } from "../sql.ts";
import type { SqlStorage } from "../sql-storage.ts";

/** A storage whose only store is SQL itself, over a few tables: for the rules of the engines. */
export type RawStorage = SqlStorage<{ sql: ReadSql }, { sql: WriteSql }>;

export const rawSchema: Migration = {
  version: 1,
  name: "raw",
  statements: (d) => [
    ...interning(d),
    `CREATE TABLE events (event_num ${d.int} PRIMARY KEY, event_id TEXT NOT NULL UNIQUE)`,
    `CREATE TABLE entries (key TEXT PRIMARY KEY, value ${d.int} NOT NULL)`,
    `CREATE TABLE log (position ${d.int} PRIMARY KEY, entry TEXT NOT NULL, bytes ${d.blob})`,
    `CREATE TABLE members (room_num ${d.int} NOT NULL, user_num ${d.int} NOT NULL, PRIMARY KEY (room_num, user_num))`,
  ],
};

export function openRaw(engine: EngineChoice, migrations: readonly Migration[] = [rawSchema]): Promise<RawStorage> {
  return openSqlStorage<{ sql: ReadSql }, { sql: WriteSql }>({
    engine,
    migrations,
    factories: { readers: { sql: (sql) => sql }, stores: { sql: (sql) => sql } },
    clock: new TestClock(),
    logger: silentLogger,
  });
}

export const insertEntry = (sql: WriteSql, key: string, value = 0): void =>
  sql.run`INSERT INTO entries (key, value) VALUES (${key}, ${value})`;

export async function keysOf({ read }: RawStorage): Promise<string[]> {
  const rows = await read.sql.all<{ key: string }>`SELECT key FROM entries ORDER BY key`;
  return rows.map(({ key }) => key);
}
