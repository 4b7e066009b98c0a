import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { StorageUnavailable } from "../storage.ts";
import { isBusy } from "./errors.ts";

/**
 * Claims the database for this process until `release`, or until the process ends however it ends: the lock is the
 * operating system's, on a small file beside the database.
 */
export function lockDatabase(path: string): { release(): void } {
  const pidFile = `${path}.pid`;
  const lock = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StorageUnavailable(`The database ${path} is in use by another Croft (process ${holder(pidFile)}).`);
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release() {
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

function holder(pidFile: string): string {
  try {
    return readFileSync(pidFile, "utf8").trim();
  } catch {
    return "unknown";
  }
}
