import { DatabaseSync } from "node:sqlite";
import { StorageUnavailable } from "../storage.ts";

const BUSY_TIMEOUT_MS = 5_000;
const CACHE_KIB = 16_384;

/** Opens the database file, made if absent: write-ahead log, and every commit synced before it is answered. */
export function connect(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  const journal = pragma(db, "journal_mode = WAL");
  if (journal !== "wal") throw new StorageUnavailable(`SQLite keeps no write-ahead log for ${path} (mode ${journal}).`);
  pragma(db, "synchronous = FULL");
  pragma(db, `cache_size = -${CACHE_KIB}`);
  const synchronous = pragma(db, "synchronous");
  if (synchronous !== 2) throw new StorageUnavailable(`SQLite does not sync each commit of ${path} (${synchronous}).`);
  return db;
}

/** The first column a pragma answers; undefined if it answers nothing. */
export function pragma(db: DatabaseSync, text: string): unknown {
  const row = db.prepare(`PRAGMA ${text}`).get();
  return row ? Object.values(row)[0] : undefined;
}
