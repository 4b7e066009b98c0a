import { cpSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createRoom, getRoomEvents, sendMessage } from "@croft/api";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { call, ok } from "../../packages/testkit/src/call.ts";
import { type CroftProcess, startCroft } from "../../packages/testkit/src/croft-process.ts";
import { type PostgresServer, startPostgres } from "../../packages/testkit/src/postgres.ts";
import { type SignedUp, signUp } from "../../packages/testkit/src/sign-up.ts";
import { until } from "../../packages/testkit/src/until.ts";
import {
  mountSmallDisk,
  onReadOnlyDisk,
  onSmallDisk,
  refusingCalls,
  seenBy,
  takeAllSpace,
  temporaryFolder,
} from "./disk.ts";
import { expectLines } from "./room-graph.ts";

const ROOMS = 4;
const DISK_BYTES = 16 * 1024 * 1024;
/** An empty database takes 8 MB. */
const POSTGRES_DISK_BYTES = 32 * 1024 * 1024;
/** A few of them fill what the log had in store. */
const BODY_BYTES = 20_000;
/** As often must every room's sender be refused. */
const REFUSALS = 5;
const TIMEOUT_MS = 120_000;

type RoomId = `!${string}`;
type Scene = { readonly url: string; readonly alice: SignedUp; readonly roomIds: readonly RoomId[] };
/** What was sent, by what became of it. */
type Fates = { readonly acknowledged: string[]; readonly refused: string[] };

test(
  "on a full disk sends are refused with a reason, and once there is space the server goes on",
  async () => {
    const folder = temporaryFolder();
    const croft = await startCroft({ data: folder, prefix: onSmallDisk(folder, DISK_BYTES) });
    onTestFinished(() => croft.kill().catch(() => undefined));
    const scene = await settle(croft);
    const fates: Fates = { acknowledged: [], refused: [] };
    await sendEach(scene, fates, "before");
    {
      using _space = takeAllSpace(seenBy(croft.process, folder));
      await sendUntilRefused(scene, fates, "full", /^Nothing was stored: the disk /);
      expect((await fetch(`${croft.url}/readyz`)).status).toBe(503);
    }
    await expectRecovery(scene, fates);
    const copy = temporaryFolder();
    cpSync(seenBy(croft.process, folder), copy, { recursive: true });
    await croft.kill();
    await expectAfterRestart(copy, scene, fates);
  },
  TIMEOUT_MS,
);

test(
  "on a full disk of PostgreSQL sends are refused with a reason, and once there is space the server goes on",
  async () => {
    const postgres = await startPostgres();
    onTestFinished(() => postgres.stop());
    const databaseUrl = await postgres.createDatabase();
    const disk = await moveToSmallDisk(postgres, databaseUrl);
    const croft = await startCroft({ databaseUrl });
    onTestFinished(() => croft.kill().catch(() => undefined));
    const scene = await settle(croft);
    const fates: Fates = { acknowledged: [], refused: [] };
    await sendEach(scene, fates, "before");
    {
      using _space = takeAllSpace(disk);
      await sendUntilRefused(scene, fates, "full", /^Nothing was stored: the disk is full\.$/);
    }
    await expectRecovery(scene, fates);
  },
  TIMEOUT_MS,
);

/** The tables go to a disk of their own: PostgreSQL itself ends when the one of its log is full. Answers where. */
async function moveToSmallDisk(postgres: PostgresServer, databaseUrl: string): Promise<string> {
  const disk = temporaryFolder();
  const { searchParams, pathname } = new URL(databaseUrl);
  mountSmallDisk(disk, POSTGRES_DISK_BYTES, statSync(searchParams.get("host") ?? ""));
  const client = new pg.Client({ connectionString: await postgres.createDatabase() });
  await client.connect();
  await client.query(`CREATE TABLESPACE small LOCATION '${disk}'`);
  await client.query(`ALTER DATABASE "${pathname.slice(1)}" SET TABLESPACE small`);
  await client.end();
  return disk;
}

test.for([
  { disk: "has become read-only", calls: ["pwrite64", "ftruncate"], error: "EROFS" },
  { disk: "cannot write", calls: ["pwrite64"], error: "EIO" },
  { disk: "cannot sync", calls: ["fsync", "fdatasync"], error: "EIO" },
])(
  "a disk that $disk refuses sends with a reason, and is used again once it can",
  { timeout: TIMEOUT_MS },
  async ({ calls, error }) => {
    const folder = temporaryFolder();
    const croft = await startCroft({ data: folder });
    onTestFinished(() => croft.kill().catch(() => undefined));
    const scene = await settle(croft);
    const fates: Fates = { acknowledged: [], refused: [] };
    await sendEach(scene, fates, "before");
    {
      const files = ["croft.db", "croft.db-wal"].map((name) => join(folder, name));
      await using _refusing = refusingCalls(croft.process, { calls, error, files });
      await sendUntilRefused(scene, fates, "refused", /^Nothing was stored: the (disk|database) cannot be .*written/);
    }
    await expectRecovery(scene, fates);
    await croft.kill();
    await expectAfterRestart(folder, scene, fates);
  },
);

test("on a disk that is read-only from the start, the server says so in a sentence and ends", async () => {
  const folder = temporaryFolder();
  const data = join(folder, "data");
  mkdirSync(data);
  const started = startCroft({ data, prefix: onReadOnlyDisk(folder) });
  await expect(started).rejects.toThrow(/^croft ended with [12]:\n[^\n]*read-only[^\n]*\n$/);
});

async function settle({ url }: CroftProcess): Promise<Scene> {
  const alice = await signUp(url, "alice");
  const rooms = Array.from({ length: ROOMS }, () => ok(url, createRoom, { token: alice.token, body: {} }));
  return { url, alice, roomIds: (await Promise.all(rooms)).map(({ room_id }) => room_id) };
}

/** One message into each room, which must be granted. */
async function sendEach(scene: Scene, fates: Fates, name: string): Promise<void> {
  const refusals = await Promise.all(scene.roomIds.map((roomId) => send(scene, roomId, fates, `${name} ${roomId}`)));
  expect(refusals).toEqual(scene.roomIds.map(() => undefined));
}

async function sendUntilRefused(scene: Scene, fates: Fates, name: string, reason: RegExp): Promise<void> {
  await Promise.all(
    scene.roomIds.map(async (roomId) => {
      for (let number = 0, refusals = 0; refusals < REFUSALS; number++) {
        const refusal = await send(scene, roomId, fates, `${name} ${number} ${roomId}`);
        if (refusal === undefined) continue;
        refusals++;
        expect(refusal).toEqual({ status: 503, errcode: "M_UNKNOWN", error: expect.stringMatching(reason) });
      }
    }),
  );
}

/** What a send was refused with; undefined when it was granted. */
async function send({ url, alice }: Scene, roomId: RoomId, { acknowledged, refused }: Fates, text: string) {
  const params = { roomId, eventType: "m.room.message", txnId: text };
  const body = { msgtype: "m.text", body: text, padding: "x".repeat(BODY_BYTES) };
  const { status, body: reply } = await call(url, sendMessage, { token: alice.token, params, body });
  (status === 200 ? acknowledged : refused).push(text);
  return status === 200 ? undefined : { status, errcode: reply.errcode, error: reply.error };
}

/** The same process writes again, into every room; what it refused has not happened. */
async function expectRecovery(scene: Scene, fates: Fates): Promise<void> {
  await until("the server is ready again", async () => (await fetch(`${scene.url}/readyz`)).ok);
  await sendEach(scene, fates, "after");
  expect(await sentTexts(scene)).toEqual(fates.acknowledged.toSorted());
  expect(fates.refused.length).toBeGreaterThanOrEqual(ROOMS * REFUSALS);
}

async function expectAfterRestart(data: string, scene: Scene, fates: Fates): Promise<void> {
  const croft = await startCroft({ data });
  expect(await sentTexts({ ...scene, url: croft.url })).toEqual(fates.acknowledged.toSorted());
  expect(await croft.stop()).toBe(0);
  const rooms = scene.roomIds.map((roomId) => ({ roomId, sender: scene.alice }));
  await expectLines({ kind: "sqlite", path: join(data, "croft.db") }, rooms);
}

async function sentTexts({ url, alice, roomIds }: Scene): Promise<string[]> {
  const texts: string[] = [];
  for (const roomId of roomIds) {
    let from: string | undefined;
    do {
      const query = { dir: "f", limit: 100, ...(from === undefined ? {} : { from }) } as const;
      const { chunk, end } = await ok(url, getRoomEvents, { token: alice.token, params: { roomId }, query });
      const messages = chunk.filter((event) => event["type"] === "m.room.message");
      texts.push(...messages.map(({ content }) => (content as { body: string }).body));
      from = end;
    } while (from !== undefined);
  }
  return texts.sort();
}
