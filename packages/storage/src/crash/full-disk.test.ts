import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** In the blocks of 512 bytes that `ulimit` counts by: 1 MiB. */
const FILE_BLOCKS = 2_048;

test("a disk that takes no more refuses whole groups with a reason, and is written again once it does", () => {
  const folder = mkdtempSync(join(tmpdir(), "croft-full-"));
  const program = fileURLToPath(new URL("./full-disk-child.ts", import.meta.url));
  const told = execFileSync(
    "/bin/sh",
    ["-c", `ulimit -S -f ${FILE_BLOCKS}; exec "$@"`, "sh", process.execPath, program, join(folder, "croft.db")],
    { encoding: "utf8" },
  );
  rmSync(folder, { recursive: true });
  const result = JSON.parse(told) as {
    acknowledged: string[];
    refused: string[];
    refusedAtLimit: number;
    errors: string[];
    health?: string;
    healthAfter?: string;
    keys: string[];
  };
  expect(result.refusedAtLimit).toBe(10);
  expect(result.errors).toEqual([
    expect.stringMatching(/^true Error: Nothing was stored: the disk cannot be .* written/),
  ]);
  expect(result.health).toContain("Nothing was stored");
  expect(result.healthAfter).toBeUndefined();
  expect(result.acknowledged.at(-1)).toBe("after");
  expect(result.keys).toEqual([...result.acknowledged].sort());
});
