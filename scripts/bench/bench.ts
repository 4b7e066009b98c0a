// `npm run bench [-- --url URL] [--shared-secret SECRET] [--seconds N] [--database URL] [--json FILE]`
// Measures Croft, or any Matrix server with open or shared-secret registration, beside a floor in the same run.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type CroftProcess, startCroft } from "../../packages/testkit/src/croft-process.ts";
import { startFloor } from "./floor-process.ts";
import { idlePolls } from "./idle-polls.ts";
import { connect } from "./matrix-client.ts";
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
import { sendLoad } from "./send-load.ts";

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

let croft: CroftProcess | undefined;
if (values.url === undefined) {
  add({ name: "startup, warm, to the first answer of /versions", ...(await startup()), target: "<= 1500" });
  croft = await startCroft({ databaseUrl: values.database });
}
const url = values.url ?? croft?.url ?? "";
const pid = croft?.process.pid;
const memory = (name: string, target?: string) => {
  const value = pid === undefined ? undefined : residentMegabytes(pid);
  if (value !== undefined) add({ name, value, unit: "MB", ...(target !== undefined && { target }) });
};
memory("resident memory, idle, launcher included", "<= 150");

const load = connect(url);
console.error("preparing accounts and rooms …");
const { senders, roomIds, traveller, travellerRooms, largeRoom, newcomers } = await prepare(
  load,
  values["shared-secret"],
);

const floor = await startFloor();
const floorLoad = connect(floor.url);
for (const count of [1, 64]) {
  const people = senders.slice(0, count);
  const floors = await sendLoad(floorLoad, { senders: people, roomIds, ms: ms / 2, run: `floor-a${count}` });
  const before = croft && (await databaseBytes(croft.data));
  const ours = await sendLoad(load, { senders: people, roomIds, ms, run: `ours${count}` });
  const after = croft && (await databaseBytes(croft.data));
  const floors2 = await sendLoad(floorLoad, { senders: people, roomIds, ms: ms / 2, run: `floor-b${count}` });
  const floorRate = Math.round((floors.perSecond + floors2.perSecond) / 2);
  const name = `durable sends, ${count} sender${count > 1 ? "s over 16 rooms" : ""}`;
  add({ name: `${name}: floor`, value: floorRate, unit: "messages/s" });
  add({ name, value: ours.perSecond, unit: "messages/s" });
  add({
    name: `${name}: share of the floor`,
    value: Math.round((ours.perSecond / floorRate) * 100),
    unit: "%",
    target: ">= 40",
  });
  add({ name: `${name}: p50`, value: ours.p50, unit: "ms" });
  add({ name: `${name}: p99`, value: ours.p99, unit: "ms" });
  if (count > 1 && before !== undefined && after !== undefined && values.database === undefined) {
    add({ name: "bytes on disk per message", value: Math.round((after - before) / (ours.sent * 1.25)), unit: "bytes" });
  }
}
memory("resident memory, after the sends");
const latency = await sendToSync(load, senders, roomIds[0] ?? "");
add({ name: "send → other client's sync: p50", value: latency.p50, unit: "ms", target: "<= 10" });
add({ name: "send → other client's sync: p99", value: latency.p99, unit: "ms" });
const initial = await initialSync(load, traveller);
add({ name: `initial sync, ${travellerRooms} rooms`, value: initial.milliseconds, unit: "ms", target: "<= 500" });
add({ name: `initial sync, ${travellerRooms} rooms: reply`, value: initial.kilobytes, unit: "KB" });
add({
  name: "incremental sync, one of 1000 rooms changed: p50",
  value: await incrementalSync(load, traveller),
  unit: "ms",
});
add({
  name: "join of a room with 1000 members: p50",
  value: await joinLargeRoom(load, largeRoom, newcomers),
  unit: "ms",
});

const bare = await idlePolls({ url: floor.url, pid: floor.pid, polls: [{ path: "/idle", token: "x" }] });
floorLoad.close().catch(() => {});
floor.stop();
if (pid !== undefined) {
  const waiting = [];
  for (const { token } of [traveller, ...senders]) waiting.push({ token, path: await waitingSync(load, token) });
  const polls = await idlePolls({ url, pid, polls: waiting });
  add({ name: "idle long-poll: bare node:http", value: bare.kilobytesEach, unit: "KB each" });
  add({ name: "idle long-poll", value: polls.kilobytesEach, unit: "KB each" });
  const over = Math.round(((polls.kilobytesEach - bare.kilobytesEach) * 2000) / 102.4) / 10;
  add({ name: "2000 idle long-polls over bare node:http", value: over, unit: "MB", target: "<= 24" });
  add({ name: "2000 idle long-polls: processor", value: polls.cpuPercent, unit: "%" });
}
memory("resident memory, at the end");

await load.close();
await croft?.stop();
const table = printTable(rows);
console.log(table);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
process.exit(0);
