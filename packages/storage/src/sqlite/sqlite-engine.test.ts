import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { insertEntry, keysOf, openRaw, rawSchema } from "../contract/raw-storage.ts";
import { StorageUnavailable } from "../storage.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-sqlite-"));
  path = join(folder, "croft.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a second Croft on the same file is refused and told by which process, until the first has gone", async () => {
  const first = await openRaw({ kind: "sqlite", path });
  await expect(openRaw({ kind: "sqlite", path })).rejects.toThrow(
    `The database ${path} is in use by another Croft (process ${process.pid}).`,
  );
  await first.close();
  const second = await openRaw({ kind: "sqlite", path });
  await second.close();
});

test("another process is refused too", async () => {
  const first = await openRaw({ kind: "sqlite", path });
  const program = fileURLToPath(new URL("../crash/crash-child.ts", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [program, JSON.stringify({ kind: "sqlite", path }), "0"]);
  await first.close();
  expect(status).toBe(1);
  expect(stderr.toString()).toContain(`in use by another Croft (process ${process.pid})`);
});

test("before its schema changes the file is copied beside itself", async () => {
  const first = await openRaw({ kind: "sqlite", path });
  await first.write(async (tx) => insertEntry(tx.sql, "kept"));
  await first.close();
  const statements = () => ["CREATE TABLE more (x TEXT)"];
  await (await openRaw({ kind: "sqlite", path }, [rawSchema, { version: 2, name: "second", statements }])).close();
  const copy = new DatabaseSync(`${path}.schema-1`, { readOnly: true });
  expect(copy.prepare("SELECT key FROM entries").all()).toMatchObject([{ key: "kept" }]);
  expect(() => copy.prepare("SELECT x FROM more")).toThrow("more");
  copy.close();
});

test("closing leaves the database whole in its one file", async () => {
  const storage = await openRaw({ kind: "sqlite", path });
  await storage.write(async (tx) => insertEntry(tx.sql, "a"));
  await storage.close();
  expect(readdirSync(folder).filter((name) => name.endsWith("-wal") || name.endsWith("-shm"))).toEqual([]);
});

test("a file that is no database is refused in one sentence and left as it is", async () => {
  writeFileSync(path, "not a database, but long enough to be taken for one".repeat(100));
  await expect(openRaw({ kind: "sqlite", path })).rejects.toThrow(
    /^The database .* cannot be opened: the file is not a/,
  );
});

test("a folder that is not there is refused in one sentence", async () => {
  const nowhere = join(folder, "missing", "croft.db");
  await expect(openRaw({ kind: "sqlite", path: nowhere })).rejects.toThrow(StorageUnavailable);
  await expect(openRaw({ kind: "sqlite", path: nowhere })).rejects.toThrow("cannot be opened");
});

test("a read that is wrong is an error of its own and stops nothing", async () => {
  const storage = await openRaw({ kind: "sqlite", path });
  await expect(storage.read.sql.all`SELECT x FROM nowhere`).rejects.toThrow("nowhere");
  await storage.write(async (tx) => insertEntry(tx.sql, "a"));
  expect(await keysOf(storage)).toEqual(["a"]);
  expect(await storage.health()).toBeUndefined();
  await storage.close();
});

test("reads cannot write", async () => {
  const storage = await openRaw({ kind: "sqlite", path }, [rawSchema]);
  await expect(storage.read.sql.all`DELETE FROM entries`).rejects.toThrow();
  await storage.close();
});
