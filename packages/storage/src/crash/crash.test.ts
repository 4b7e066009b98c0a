import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@croft/testkit/postgres";
import { expect, test } from "vitest";
import { openRaw } from "../contract/raw-storage.ts";
import type { EngineChoice } from "../open-storage.ts";

/** How many acknowledgements each round waits for before it kills: from the first to well past a checkpoint. */
const MOMENTS = [1, 2, 17, 60, 233, 500, 1_301, 3_007];

type Child = ChildProcessByStdio<null, Readable, null>;

function startChild(engine: EngineChoice, round: number): Child {
  const program = fileURLToPath(new URL("./crash-child.ts", import.meta.url));
  return spawn(process.execPath, [program, JSON.stringify(engine), `${round}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Everything acknowledged until the child's end; `kill` is called at the moment given. */
async function acknowledgedBy(child: Child, moment: number, kill: () => unknown): Promise<string[]> {
  const acknowledged: string[] = [];
  for await (const key of createInterface({ input: child.stdout })) {
    acknowledged.push(key);
    if (acknowledged.length === moment) await kill();
  }
  return acknowledged;
}

async function expectStored(engine: EngineChoice, acknowledged: readonly string[]): Promise<void> {
  const storage = await openRaw(engine);
  const rows = await storage.read.sql.all<{ key: string; entry: string | null }>`
    SELECT e.key, l.entry FROM entries e LEFT JOIN log l ON l.entry = e.key`;
  const orphans = await storage.read.sql.all`
    SELECT l.entry FROM log l LEFT JOIN entries e ON e.key = l.entry WHERE e.key IS NULL`;
  const last = await storage.read.sql.one<{ last: number }>`SELECT MAX(position) AS last FROM log`;
  const position = storage.position();
  await storage.close();

  const stored = new Set(rows.map(({ key }) => key));
  expect(acknowledged.filter((key) => !stored.has(key))).toEqual([]);
  expect(rows.filter(({ entry }) => entry === null)).toEqual([]);
  expect(orphans).toEqual([]);
  expect(position).toBeGreaterThanOrEqual(last?.last ?? 0);
}

test("on SQLite, what was acknowledged survives kill -9 at any moment, and no write is stored by half", async () => {
  const folder = mkdtempSync(join(tmpdir(), "croft-crash-"));
  const engine: EngineChoice = { kind: "sqlite", path: join(folder, "croft.db") };
  const acknowledged: string[] = [];
  for (const [round, moment] of MOMENTS.entries()) {
    const child = startChild(engine, round);
    const got = await acknowledgedBy(child, moment, () => child.kill("SIGKILL"));
    expect(got.length).toBeGreaterThanOrEqual(moment);
    acknowledged.push(...got);
    await expectStored(engine, acknowledged);
  }
  rmSync(folder, { recursive: true });
}, 120_000);

test("on PostgreSQL, what was acknowledged survives kill -9 of the writer or of the database", async () => {
  const server = await startPostgres();
  const engine: EngineChoice = { kind: "postgres", url: await server.createDatabase() };
  const acknowledged: string[] = [];
  for (const [round, moment] of MOMENTS.entries()) {
    const child = startChild(engine, round);
    const killsDatabase = round % 2 === 0;
    const got = await acknowledgedBy(child, moment, () => (killsDatabase ? server.kill() : child.kill("SIGKILL")));
    if (killsDatabase) await server.start();
    expect(got.length).toBeGreaterThanOrEqual(moment);
    acknowledged.push(...got);
    await expectStored(engine, acknowledged);
  }
  await server.stop();
}, 120_000);
