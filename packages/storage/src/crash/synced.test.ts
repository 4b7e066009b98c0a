import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const WRITES = 25;

test("no write is acknowledged before the log has been synced since its commit", () => {
  const folder = mkdtempSync(join(tmpdir(), "croft-synced-"));
  const trace = join(folder, "trace");
  const program = fileURLToPath(new URL("./sequential-child.ts", import.meta.url));
  execFileSync("strace", [
    ...["-f", "-y", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o", trace],
    ...[process.execPath, program, join(folder, "croft.db"), `${WRITES}`],
  ]);
  const calls = readFileSync(trace, "utf8").split("\n");
  rmSync(folder, { recursive: true });

  let unsynced = 0;
  let syncing = false;
  let committed = 0;
  let acknowledged = 0;
  for (const call of calls) {
    if (/pwrite64\(\d+<[^>]*-wal>/.test(call)) {
      unsynced++;
      committed++;
    } else if (/f(data)?sync\(\d+<[^>]*-wal>.*unfinished/.test(call)) syncing = true;
    else if (/f(data)?sync\(\d+<[^>]*-wal>.* = 0$/.test(call)) unsynced = 0;
    else if (syncing && /f(data)?sync resumed.* = 0$/.test(call)) {
      unsynced = 0;
      syncing = false;
    }
    if (/ write\(.*"acknowledged/.test(call)) {
      acknowledged++;
      expect({ acknowledged, unsynced, committed: committed > 0 }).toEqual({
        acknowledged,
        unsynced: 0,
        committed: true,
      });
      committed = 0;
    }
  }
  expect(acknowledged).toBe(WRITES);
}, 60_000);
