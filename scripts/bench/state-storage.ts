// `node scripts/bench/state-storage.ts [CHANGES]`: what state costs in a room of 10 000 members, by what changes in it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { seededRandom, silentLogger, systemClock } from "../../packages/runtime/src/index.ts";
import { fillRoom, type Mix } from "../../packages/storage/src/contract/synthetic-room.ts";
import { openStorage } from "../../packages/storage/src/index.ts";
import { percentile } from "./matrix-client.ts";

export const CHANGES = 100_000;
const MEMBERS = 10_000;
const READS = 200;

export type StateCosts = {
  /** The growth of the tables of state and their indexes, the members' joins included in it but not in the number. */
  readonly bytesPerChange: number;
  readonly changesPerSecond: number;
  /** Milliseconds to read the whole state as it was at a past event: the first in a new process, and others at random. */
  readonly first: number;
  readonly p50: number;
  readonly slowest: number;
};

export async function measureState(mix: Mix, changes: number): Promise<StateCosts> {
  const directory = mkdtempSync(join(tmpdir(), "croft-state-"));
  const path = join(directory, "croft.db");
  const open = () => openStorage({ engine: { kind: "sqlite", path }, clock: systemClock, logger: silentLogger });

  const filling = await open();
  const before = stateBytes(path);
  const started = performance.now();
  const every = Math.max(1, Math.floor(changes / READS));
  const room = { roomId: "!synthetic", members: MEMBERS, changes, every, mix } as const;
  const groups = (await fillRoom({ storage: filling, random: seededRandom(mix) }, room)).map(({ group }) => group);
  const seconds = (performance.now() - started) / 1000;
  await filling.close();
  const bytes = stateBytes(path) - before;

  const storage = await open();
  const chance = seededRandom(`${mix} reads`);
  const lots = new Map(groups.map((group) => [group, Buffer.from(chance.bytes(4)).readUInt32LE()]));
  const shuffled = groups.toSorted((a, b) => (lots.get(a) ?? 0) - (lots.get(b) ?? 0));
  const times: number[] = [];
  for (const group of shuffled) {
    const asked = performance.now();
    await storage.read.roomState.map(group);
    times.push(performance.now() - asked);
  }
  await storage.close();
  rmSync(directory, { recursive: true });
  const [first = 0, ...others] = times;
  return {
    bytesPerChange: Math.round(bytes / changes),
    changesPerSecond: Math.round((MEMBERS + changes) / seconds),
    first: percentile([first], 0),
    p50: percentile(others, 0.5),
    slowest: percentile(others, 1),
  };
}

function stateBytes(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const row = db
    .prepare(
      `SELECT SUM(s.pgsize) AS bytes FROM dbstat s JOIN sqlite_schema m USING (name)
      WHERE m.tbl_name IN ('state_groups', 'state_deltas', 'state_keys')`,
    )
    .get();
  db.close();
  return Number(row?.["bytes"]);
}

if (import.meta.main) {
  const changes = Number(process.argv[2] ?? CHANGES);
  for (const mix of ["members", "mixed", "distinct"] as const) {
    const costs = await measureState(mix, changes);
    console.log(`${mix}: ${costs.bytesPerChange} bytes for each of ${changes} changes, ${costs.changesPerSecond}/s`);
    console.log(`  state at an event: first ${costs.first} ms, p50 ${costs.p50} ms, slowest ${costs.slowest} ms`);
  }
}
