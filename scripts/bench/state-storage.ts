// `node scripts/bench/state-storage.ts [CHANGES]`: what state costs in a room of 10 000 members. Bytes of the whole
// database per change, and how long the state map at a past event picked at random takes to read, cold and warm.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom, silentLogger, systemClock } from "../../packages/runtime/src/index.ts";
import { fillRoom, type Mix } from "../../packages/storage/src/contract/synthetic-room.ts";
import { openStorage } from "../../packages/storage/src/index.ts";

const changes = Number(process.argv[2] ?? 100_000);
const MEMBERS = 10_000;
const READS = 200;

const milliseconds = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1);
  return `p50 ${at(0.5)} ms, max ${at(1)} ms`;
};

async function measure(mix: Mix): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "croft-state-"));
  const path = join(directory, "croft.db");
  const open = () => openStorage({ engine: { kind: "sqlite", path }, clock: systemClock, logger: silentLogger });

  const filling = await open();
  const started = performance.now();
  const every = Math.max(1, Math.floor(changes / READS));
  const room = { roomId: "!synthetic", members: MEMBERS, changes, every, mix } as const;
  const groups = (await fillRoom({ storage: filling, random: seededRandom(mix) }, room)).map(({ group }) => group);
  const perSecond = (MEMBERS + changes) / ((performance.now() - started) / 1000);
  await filling.close();

  const storage = await open();
  const chance = seededRandom(`${mix} reads`);
  const lots = new Map(groups.map((group) => [group, Buffer.from(chance.bytes(4)).readUInt32LE()]));
  const shuffled = groups.toSorted((a, b) => (lots.get(a) ?? 0) - (lots.get(b) ?? 0));
  const times: number[] = [];
  for (const group of shuffled) {
    const before = performance.now();
    await storage.read.roomState.map(group);
    times.push(performance.now() - before);
  }
  await storage.close();

  console.log(
    `${mix}: ${changes} changes at ${Math.round(perSecond)}/s, ${statSync(path).size / changes} bytes each in all`,
  );
  console.log(`  first map of a new process ${times[0]?.toFixed(1)} ms; any other ${milliseconds(times.slice(1))}`);
  rmSync(directory, { recursive: true });
}

for (const mix of ["members", "mixed", "distinct"] as const) await measure(mix);
