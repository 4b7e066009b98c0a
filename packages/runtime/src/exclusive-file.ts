import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** A claim on something named by a path; `holder` is the process id of whoever has it instead, or "unknown". */
export type Claim = { readonly claimed: true; release(): void } | { readonly claimed: false; readonly holder: string };

const SQLITE_BUSY = 5;

/**
 * Claims `path` for this process until `release` or the process' end, however that comes: the lock is the operating
 * system's on the small file `path.lock`, held through SQLite since Node has no other. The id in `path.pid` is only told
 * to who comes second. Throws what the file system says where the files cannot be made.
 */
export function claimExclusively(path: string): Claim {
  const pidFile = `${path}.pid`;
  const lock = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY)) throw error;
    return { claimed: false, holder: holder(pidFile) };
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    claimed: true,
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
