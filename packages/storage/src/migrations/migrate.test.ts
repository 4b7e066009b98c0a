import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, ENGINES, makeDatabase, PATIENCE_MS } from "../contract/describe-contract.ts";
import { insertEntry, keysOf, openRaw, rawSchema } from "../contract/raw-storage.ts";
import { StorageUnavailable } from "../storage.ts";
import type { Migration } from "./migrations.ts";

const second: Migration = {
  version: 2,
  name: "second",
  statements: () => ["CREATE TABLE more (x TEXT)", "INSERT INTO more SELECT key FROM entries"],
};
const broken: Migration = {
  version: 2,
  name: "broken",
  statements: () => ["CREATE TABLE more (x TEXT)", "INSERT INTO nowhere VALUES (1)"],
};

describe.each(ENGINES)("a schema on %s", { timeout: PATIENCE_MS }, (kind) => {
  let database: Database;
  beforeEach(async () => {
    database = await makeDatabase(kind);
    const storage = await openRaw(database.engine);
    await storage.write(async (tx) => insertEntry(tx.sql, "kept"));
    await storage.close();
  }, PATIENCE_MS);
  afterEach(() => database.remove());

  test("goes forward step by step and keeps what is there", async () => {
    const storage = await openRaw(database.engine, [rawSchema, second]);
    expect(await storage.read.sql.all`SELECT x FROM more`).toEqual([{ x: "kept" }]);
    await storage.close();
    const again = await openRaw(database.engine, [rawSchema, second]);
    expect(await keysOf(again)).toEqual(["kept"]);
    await again.close();
  });

  test("of a newer version is refused in one sentence and left as it is", async () => {
    await (await openRaw(database.engine, [rawSchema, second])).close();
    const opening = openRaw(database.engine, [rawSchema]);
    await expect(opening).rejects.toThrow(StorageUnavailable);
    await expect(opening).rejects.toThrow("schema version 2, written by a newer Croft");
    await (await openRaw(database.engine, [rawSchema, second])).close();
  });

  test("whose step fails stays at the version it had", async () => {
    await expect(openRaw(database.engine, [rawSchema, broken])).rejects.toThrow("was left as it is");
    const storage = await openRaw(database.engine, [rawSchema, second]);
    expect(await storage.read.sql.all`SELECT x FROM more`).toEqual([{ x: "kept" }]);
    await storage.close();
  });
});
