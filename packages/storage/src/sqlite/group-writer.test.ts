import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect, pragma } from "./connect.ts";
import { COMMITTED, type FlatWrites, GroupWriter, GUARD_FAILED } from "./group-writer.ts";

const TEXTS = ["INSERT INTO entries (key, value) VALUES (?, ?)", "UPDATE entries SET value = ? WHERE key = ?"];
const INSERT = 0;
const UPDATE = 1;

let folder: string;
let db: DatabaseSync;
let writer: GroupWriter;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-writer-"));
  db = connect(join(folder, "croft.db"));
  db.exec("CREATE TABLE entries (key TEXT PRIMARY KEY, value TEXT)");
  writer = new GroupWriter(db);
  writer.learn(TEXTS);
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const insert = (key: string, value = ""): FlatWrites => [1, INSERT, -1, 2, key, value];
const keys = () =>
  db
    .prepare("SELECT key FROM entries ORDER BY key")
    .all()
    .map((row) => row["key"]);

test("every commit is synced: the connection says so itself", () => {
  expect(pragma(db, "synchronous")).toBe(2);
  expect(pragma(db, "journal_mode")).toBe("wal");
});

test("a group ends set by set: committed, overtaken, in error", () => {
  const group = [
    [...insert("a"), ...insert("a"), 2, INSERT, -1, 2, "b", "", UPDATE, 1, 2, "x", "nobody"],
    [1, UPDATE, 1, 2, "x", "a", ...insert("c")],
  ];
  const [first, second, third, fourth, fifth] = writer.commit(group);
  expect([first, third, fourth, fifth]).toEqual([COMMITTED, GUARD_FAILED, COMMITTED, COMMITTED]);
  expect(second).toMatchObject({ unavailable: false, message: expect.stringContaining("UNIQUE") });
  expect(keys()).toEqual(["a", "c"]);
});

test("a statement that cannot be prepared fails its own set", () => {
  writer.learn(["INSERT INTO nowhere VALUES (1)"]);
  expect(writer.commit([[1, 2, -1, 0], insert("a")])).toEqual([
    { unavailable: false, message: expect.stringContaining("nowhere") },
    COMMITTED,
  ]);
});

test("a full disk refuses the whole group, with nothing of it kept, and space that returns is used", () => {
  const pages = Number(pragma(db, "page_count"));
  pragma(db, `max_page_count = ${pages + 4}`);
  const refused = writer.commit([[...insert("small"), ...insert("large", "x".repeat(100_000))], insert("after")]);
  expect(refused).toHaveLength(3);
  for (const outcome of refused) {
    expect(outcome).toMatchObject({ unavailable: true, message: expect.stringContaining("the disk is full") });
  }
  expect(db.isTransaction).toBe(false);
  expect(keys()).toEqual([]);

  pragma(db, `max_page_count = ${pages + 1_000}`);
  expect(writer.commit([insert("large", "x".repeat(100_000))])).toEqual([COMMITTED]);
});

test("a database that cannot be written refuses the whole group and says so", () => {
  const readOnly = new DatabaseSync(join(folder, "croft.db"), { readOnly: true });
  const other = new GroupWriter(readOnly);
  other.learn(TEXTS);
  for (const outcome of other.commit([[...insert("a"), ...insert("b")]])) {
    expect(outcome).toMatchObject({ unavailable: true, message: expect.stringContaining("read-only") });
  }
  readOnly.close();
});

test("the log is moved into the database once it has grown past the bound, and not before", () => {
  writer.commit([insert("a", "x".repeat(50_000))]);
  const logPages = () => Number(db.prepare("PRAGMA wal_checkpoint(NOOP)").get()?.["checkpointed"]);
  writer.checkpoint(10_000);
  expect(logPages()).toBe(0);
  writer.checkpoint(4);
  expect(logPages()).toBeGreaterThan(4);
});
