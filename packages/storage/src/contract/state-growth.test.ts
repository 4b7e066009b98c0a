import { DatabaseSync } from "node:sqlite";
import { seededRandom, silentLogger, TestClock } from "@croft/runtime";
import pg from "pg";
import { expect, test } from "vitest";
import { type EngineChoice, openStorage } from "../open-storage.ts";
import { makeDatabase } from "./describe-contract.ts";
import { fillRoom, type Mix } from "./synthetic-room.ts";

const MEMBERS = 10_000;
const STATE_TABLES = ["state_groups", "state_deltas", "state_keys"];

/** The bytes that the state tables and their indexes take on disk after this history. */
async function fill(kind: EngineChoice["kind"], mix: Mix, changes: number): Promise<number> {
  const { engine, remove } = await makeDatabase(kind);
  try {
    const storage = await openStorage({ engine, clock: new TestClock(), logger: silentLogger });
    const room = { roomId: "!synthetic", members: MEMBERS, changes, every: changes, mix } as const;
    await fillRoom({ storage, random: seededRandom(mix) }, room);
    await storage.close();
    return await stateBytes(engine);
  } finally {
    await remove();
  }
}

/** Once the storage is closed all of it is checkpointed. */
function stateBytes(engine: EngineChoice): Promise<number> | number {
  if (engine.kind === "postgres") return postgresBytes(engine.url);
  const db = new DatabaseSync(engine.path, { readOnly: true });
  const tables = STATE_TABLES.map((table) => `'${table}'`).join(", ");
  const row = db
    .prepare(
      `SELECT SUM(s.pgsize) AS bytes FROM dbstat s JOIN sqlite_schema m USING (name) WHERE m.tbl_name IN (${tables})`,
    )
    .get();
  db.close();
  return Number(row?.["bytes"]);
}

async function postgresBytes(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "SELECT SUM(pg_total_relation_size(name::regclass)) AS bytes FROM unnest($1::text[]) AS name",
    [STATE_TABLES],
  );
  await client.end();
  return Number(rows[0]?.bytes);
}

test("100 000 changes in a room of 10 000 members take less than 400 bytes each", { timeout: 60_000 }, async () => {
  expect((await fill("sqlite", "mixed", 100_000)) / 100_000).toBeLessThan(400);
});

// Here the ten thousand joins count as changes too: they are many beside the rest.
test.each([
  ["sqlite", "distinct", 300],
  ["postgres", "mixed", 400],
] as const)("on %s, changes of %s take less than %i bytes each", { timeout: 60_000 }, async (kind, mix, limit) => {
  expect((await fill(kind, mix, 10_000)) / (MEMBERS + 10_000)).toBeLessThan(limit);
});
