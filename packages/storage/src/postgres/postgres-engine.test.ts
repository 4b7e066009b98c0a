import { type PostgresServer, startPostgres } from "@croft/testkit/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { PATIENCE_MS } from "../contract/describe-contract.ts";
import { insertEntry, keysOf, openRaw, type RawStorage } from "../contract/raw-storage.ts";
import { StorageUnavailable } from "../storage.ts";

let server: PostgresServer;
let url: string;
let storage: RawStorage;

vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  vi.resetConfig();
  await server.stop();
});
beforeEach(async () => {
  url = await server.createDatabase();
  storage = await openRaw({ kind: "postgres", url });
});
afterEach(() => storage.close());

const write = (key: string) => storage.write(async (tx) => insertEntry(tx.sql, key));

test("a group that merges is sent once; one that fails falls back to its use cases, one by one", async () => {
  await Promise.all(["a", "b", "c"].map(write));
  expect(storage.metrics().replays).toBe(0);
  const ended = await Promise.allSettled(["d", "a", "e", "b", "f"].map(write));
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"]);
  expect(await keysOf(storage)).toEqual(["a", "b", "c", "d", "e", "f"]);
  expect(storage.metrics().replays).toBe(1);
});

test("a second Croft on the same database is refused in one sentence, and may have it once the first has gone", async () => {
  await expect(openRaw({ kind: "postgres", url })).rejects.toThrow("The database is in use by another Croft.");
  await storage.close();
  const second = await openRaw({ kind: "postgres", url });
  await second.close();
});

test("a database that was restarted between two writes is used again by the next", async () => {
  await write("before");
  await server.kill();
  await expect(write("lost")).rejects.toThrow(StorageUnavailable);
  expect(await storage.health()).toBe("The database cannot be reached.");
  await expect(keysOf(storage)).rejects.toThrow(StorageUnavailable);
  const refusals = await Promise.all([write("lost"), keysOf(storage)].map((call) => call.catch((error) => error)));
  expect(refusals).toMatchObject([
    { message: expect.stringContaining("ECONNREFUSED /"), forCallers: "The PostgreSQL database cannot be reached." },
    { forCallers: "The database cannot be read: the database is out of reach." },
  ]);
  await server.start();
  await write("after");
  expect(await keysOf(storage)).toEqual(["after", "before"]);
  expect(await storage.health()).toBeUndefined();
});

test("what is on its way when the database is killed is refused, and what was acknowledged is there afterwards", async () => {
  const acknowledged: string[] = [];
  const writing = Array.from({ length: 300 }, async (_, n) => {
    await write(`${n}`);
    acknowledged.push(`${n}`);
    if (acknowledged.length === 50) await server.kill();
  });
  const ended = await Promise.allSettled(writing);
  for (const result of ended) {
    if (result.status === "rejected") expect(result.reason).toBeInstanceOf(StorageUnavailable);
  }
  await server.start();
  const keys = new Set(await keysOf(storage));
  expect(acknowledged.length).toBeGreaterThanOrEqual(50);
  expect(acknowledged.filter((key) => !keys.has(key))).toEqual([]);
});

test("a Croft that lost the database to another one does not write again", async () => {
  await write("mine");
  await server.kill();
  await server.start();
  const other = await openRaw({ kind: "postgres", url });
  await other.write(async (tx) => insertEntry(tx.sql, "theirs"));
  await expect(write("again")).rejects.toThrow("in use by another Croft");
  await other.close();
  await expect(write("again")).rejects.toThrow("must be started again");
});

test("a server that cannot be reached is an error of one sentence", async () => {
  const nowhere = "postgresql://croft@/nothing?host=/nonexistent";
  await expect(openRaw({ kind: "postgres", url: nowhere })).rejects.toThrow(
    /^The PostgreSQL database cannot be reached: /,
  );
});
