// `npm run bench [-- --url URL] [--shared-secret SECRET] [--seconds N] [--database URL] [--json FILE]`
// Measures Croft, or any Matrix server with open or shared-secret registration, beside a floor in the same run. What each
// row means: docs/bench.md.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { parseArgs } from "node:util";
import { type CroftProcess, startCroft } from "../../packages/testkit/src/croft-process.ts";
import { type Floor, startFloor } from "./floor-process.ts";
import { idlePolls, POLLS } from "./idle-polls.ts";
import { type Account, connect } from "./matrix-client.ts";
import { residentMegabytes } from "./memory.ts";
import { prepare } from "./prepare.ts";
import { printTable, type Row } from "./report.ts";
import {
  databaseBytes,
  incrementalSync,
  initialSync,
  joinLargeRoom,
  sendToSync,
  startup,
  waitingSync,
} from "./rows.ts";
import { compareSends } from "./send-load.ts";
import { CHANGES, measureState } from "./state-storage.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    "shared-secret": { type: "string" },
    seconds: { type: "string", default: "8" },
    database: { type: "string" },
    json: { type: "string" },
  },
});
const ms = Number(values.seconds) * 1000;
const rows: Row[] = [];
const add = (row: Row) => {
  rows.push(row);
  console.error(`  ${row.name}: ${row.value} ${row.unit}`);
};

const data = mkdtempSync(joinPath(tmpdir(), "croft-bench-"));
const isEmbedded = values.url === undefined && values.database === undefined;
let croft: CroftProcess | undefined;
const start = async (port?: number) => {
  croft = await startCroft({ databaseUrl: values.database, data, ...(port !== undefined && { port }) });
};
/** A process that remembers nothing. Another server is measured as it is. */
const restart = async () => {
  const port = croft?.port;
  if ((await croft?.stop()) !== undefined) await start(port);
};
const memory = (name: string, target?: string) => {
  const value = croft?.process.pid === undefined ? undefined : residentMegabytes(croft.process.pid);
  if (value !== undefined) add({ name, value, unit: "MB", ...(target !== undefined && { target }) });
};

if (values.url === undefined) {
  add({ name: "startup, warm, to the first answer of /versions", ...(await startup()), target: "<= 1500" });
  await start();
}
const url = values.url ?? croft?.url ?? "";
memory("resident memory, idle, launcher included", "<= 150");

const load = connect(url);
console.error("preparing accounts and rooms …");
const { senders, roomIds, traveller, travellerRooms, largeRoom, newcomers } = await prepare(
  load,
  values["shared-secret"],
);

let floor = await startFloor();
await sends(floor, senders.slice(0, 1), "durable sends, 1 sender");
await sends(floor, senders, "durable sends, 64 senders over 16 rooms");
floor.stop();
memory("resident memory, after the sends");

const latency = await sendToSync(load, senders, roomIds[0] ?? "");
add({ name: "send → other client's sync: p50", value: latency.p50, unit: "ms", target: "<= 10" });
add({ name: "send → other client's sync: p99", value: latency.p99, unit: "ms" });

await restart();
const initial = await initialSync(load, traveller);
const first = croft === undefined ? "the first time" : "the first time after a start";
add({ name: `initial sync, ${travellerRooms} rooms: ${first}`, value: initial.first, unit: "ms" });
add({ name: `initial sync, ${travellerRooms} rooms: p50`, value: initial.p50, unit: "ms", target: "<= 500" });
add({ name: `initial sync, ${travellerRooms} rooms: reply`, value: initial.kilobytes, unit: "KB" });
const incremental = await incrementalSync(load, traveller);
add({ name: "incremental sync, one of 1000 rooms changed: p50", value: incremental, unit: "ms" });
const joined = await joinLargeRoom(load, largeRoom, newcomers);
add({ name: "join of a room with 1000 members: p50", value: joined, unit: "ms" });
memory("resident memory, after the syncs");

if (croft !== undefined) {
  const polls: { token: string; path: string }[] = [];
  for (const { token } of senders) polls.push({ token, path: await waitingSync(load, token) });
  // What earlier requests left behind would hide what these hold.
  await restart();
  floor = await startFloor();
  await waiting(floor, croft, polls);
  floor.stop();
}
await load.close();
await croft?.stop();
rmSync(data, { recursive: true, force: true });

if (isEmbedded) {
  const state = await measureState("mixed", CHANGES);
  const room = `state of a room with 10 000 members and ${CHANGES} changes`;
  add({ name: `${room}: on disk, each change`, value: state.bytesPerChange, unit: "bytes", target: "<= 400" });
  add({ name: `${room}: whole, as it was at any event: p50`, value: state.p50, unit: "ms", target: "<= 50" });
  add({ name: `${room}: whole, as it was at any event: slowest of 200`, value: state.slowest, unit: "ms" });
}
console.log(printTable(rows));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);

async function sends({ url: floorUrl }: Floor, people: readonly Account[], name: string): Promise<void> {
  const floorLoad = connect(floorUrl);
  const before = isEmbedded ? await databaseBytes(data) : 0;
  const [floors, ours] = await compareSends([floorLoad, load], { senders: people, roomIds, ms });
  await floorLoad.close();
  if (floors === undefined || ours === undefined) throw new Error("nothing was measured");
  const share = Math.round((ours.perSecond / floors.perSecond) * 100);
  add({ name: `${name}: floor`, value: floors.perSecond, unit: "messages/s" });
  add({ name, value: ours.perSecond, unit: "messages/s" });
  add({ name: `${name}: share of the floor`, value: share, unit: "%", target: ">= 40" });
  add({ name: `${name}: p50 of the floor`, value: floors.p50, unit: "ms" });
  add({ name: `${name}: p50`, value: ours.p50, unit: "ms" });
  add({ name: `${name}: p99`, value: ours.p99, unit: "ms" });
  if (isEmbedded && people.length > 1) {
    const bytes = ((await databaseBytes(data)) - before) / ours.sent;
    add({ name: "bytes on disk per message", value: Math.round(bytes), unit: "bytes" });
  }
}

/** The same requests wait at the floor and at Croft, each a process that has done nothing else. */
async function waiting(
  bareHttp: Floor,
  { process: { pid = 0 } }: CroftProcess,
  polls: readonly { readonly token: string; readonly path: string }[],
): Promise<void> {
  const bare = await idlePolls({ url: bareHttp.url, pid: bareHttp.pid, polls });
  const ours = await idlePolls({ url, pid, polls });
  const over = Math.round((ours.megabytes - bare.megabytes) * 10) / 10;
  const each = (megabytes: number) => Math.round((megabytes * 10240) / POLLS) / 10;
  add({ name: "idle long-poll: bare node:http", value: each(bare.megabytes), unit: "KB each" });
  add({ name: "idle long-poll", value: each(ours.megabytes), unit: "KB each" });
  add({ name: `${POLLS} idle long-polls over bare node:http`, value: over, unit: "MB", target: "<= 24" });
  add({ name: `${POLLS} idle long-polls: processor`, value: ours.cpuPercent, unit: "%" });
}
