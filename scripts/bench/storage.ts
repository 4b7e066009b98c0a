// How many events a second the storage alone persists: node scripts/bench/storage.ts [sqlite|postgres]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "../../packages/runtime/src/index.ts";
import { interning } from "../../packages/storage/src/migrations/0001-foundation/interning.ts";
import { type EngineChoice, openSqlStorage } from "../../packages/storage/src/open-storage.ts";
import {
  type Dialect,
  event,
  type ReadSql,
  room,
  stateKey,
  type,
  user,
  type WriteSql,
} from "../../packages/storage/src/sql.ts";
import { sharedPostgres } from "../../packages/testkit/src/postgres.ts";

const ROOMS = 16;
const USERS = 200;
const MEASURED_MS = 4_000;
const BODY = "x".repeat(700);

/** An event of about 1 KB with five rows beside it, and three indexed reads. */
const schema = {
  version: 1,
  name: "bench",
  statements: (d: Dialect) => [
    ...interning(d),
    `CREATE TABLE events (event_num ${d.int} PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, room_num ${d.int} NOT NULL,
      type_num ${d.int} NOT NULL, sender_num ${d.int} NOT NULL, position ${d.int} NOT NULL, json TEXT NOT NULL)`,
    "CREATE INDEX events_by_position ON events (room_num, position)",
    `CREATE TABLE edges (event_num ${d.int} NOT NULL, prev_num ${d.int} NOT NULL, PRIMARY KEY (event_num, prev_num))${d.withoutRowid}`,
    `CREATE TABLE heads (room_num ${d.int} PRIMARY KEY, event_num ${d.int} NOT NULL)`,
    `CREATE TABLE current_state (room_num ${d.int} NOT NULL, state_key_num ${d.int} NOT NULL, event_num ${d.int} NOT NULL,
      PRIMARY KEY (room_num, state_key_num))${d.withoutRowid}`,
    `CREATE TABLE transactions (user_num ${d.int} NOT NULL, txn TEXT NOT NULL, event_num ${d.int} NOT NULL,
      PRIMARY KEY (user_num, txn))${d.withoutRowid}`,
    `CREATE TABLE notifications (room_num ${d.int} NOT NULL, position ${d.int} NOT NULL, event_num ${d.int} NOT NULL,
      PRIMARY KEY (room_num, position))${d.withoutRowid}`,
  ],
};

async function measure(engine: EngineChoice, senders: number): Promise<void> {
  const storage = await openSqlStorage<{ sql: ReadSql }, { sql: WriteSql }>({
    engine,
    migrations: [schema],
    factories: { readers: { sql: (sql) => sql }, stores: { sql: (sql) => sql } },
    clock: systemClock,
    logger: silentLogger,
  });
  const heads = new Map<string, `$${string}`>();
  const latencies: number[] = [];
  let sent = 0;
  const send = async (number: number) => {
    const roomId = `!room${number % ROOMS}:bench.example` as const;
    const eventId = `$${number.toString(36).padStart(12, "0")}-abcdefghijklmnopqrstuvwxyz0123` as const;
    const sender = `@user${number % USERS}:bench.example` as const;
    await storage.write(async ({ sql }) => {
      await sql.one`SELECT event_num FROM heads WHERE room_num = ${room(roomId)}`;
      await sql.one`SELECT event_num FROM current_state WHERE room_num = ${room(roomId)} AND state_key_num = ${stateKey(`m.room.member\0${sender}`)}`;
      await sql.one`SELECT event_num FROM transactions WHERE user_num = ${user(sender)} AND txn = ${eventId}`;
      const prev = heads.get(roomId);
      const eventNum = sql.newEvent(eventId);
      const position = sql.nextPosition();
      const json = `{"auth_events":[],"content":{"body":"${BODY}","msgtype":"m.text"},"depth":${number},"room_id":"${roomId}","sender":"${sender}","type":"m.room.message"}`;
      sql.run`INSERT INTO events (event_num, event_id, room_num, type_num, sender_num, position, json)
        VALUES (${eventNum}, ${eventId}, ${room(roomId)}, ${type("m.room.message")}, ${user(sender)}, ${position}, ${json})`;
      if (prev) sql.run`INSERT INTO edges (event_num, prev_num) VALUES (${eventNum}, ${event(prev)})`;
      sql.run`INSERT INTO heads (room_num, event_num) VALUES (${room(roomId)}, ${eventNum})
        ON CONFLICT (room_num) DO UPDATE SET event_num = excluded.event_num`;
      sql.run`INSERT INTO current_state (room_num, state_key_num, event_num)
        VALUES (${room(roomId)}, ${stateKey(`m.room.member\0${sender}`)}, ${eventNum})
        ON CONFLICT (room_num, state_key_num) DO UPDATE SET event_num = excluded.event_num`;
      sql.run`INSERT INTO transactions (user_num, txn, event_num) VALUES (${user(sender)}, ${eventId}, ${eventNum})`;
      sql.run`INSERT INTO notifications (room_num, position, event_num) VALUES (${room(roomId)}, ${position}, ${eventNum})`;
      heads.set(roomId, eventId);
    });
  };
  const start = systemClock.monotonic();
  const cpu = process.cpuUsage();
  const loop = async () => {
    while (systemClock.monotonic() - start < MEASURED_MS) {
      const before = systemClock.monotonic();
      await send(sent++);
      latencies.push(systemClock.monotonic() - before);
    }
  };
  await Promise.all(Array.from({ length: senders }, loop));
  const seconds = (systemClock.monotonic() - start) / 1_000;
  const used = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2);
  const { commits, written } = storage.metrics();
  console.log(
    `${engine.kind} ${String(senders).padStart(3)} writers: ${Math.round(written / seconds)} events/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${(written / commits).toFixed(1)} per commit, ${Math.round((used.user + used.system) / written)} µs CPU per event`,
  );
  await storage.close();
}

const kinds = process.argv[2] ? [process.argv[2]] : ["sqlite", "postgres"];
for (const kind of kinds) {
  for (const senders of [1, 16, 64, 256]) {
    const folder = mkdtempSync(join(tmpdir(), "croft-bench-"));
    const engine: EngineChoice =
      kind === "sqlite"
        ? { kind: "sqlite", path: join(folder, "croft.db") }
        : { kind: "postgres", url: await (await sharedPostgres()).createDatabase() };
    await measure(engine, senders);
    rmSync(folder, { recursive: true });
  }
}
