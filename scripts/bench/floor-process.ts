import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../packages/testkit/src/croft-process.ts";

/** Starts the floor in a process of its own. */
export async function startFloor(): Promise<{ url: string; pid: number; stop: () => void }> {
  const directory = mkdtempSync(join(tmpdir(), "croft-floor-"));
  const port = await freePort();
  const floor = join(import.meta.dirname, "floor.ts");
  const child = spawn(process.execPath, [floor, String(port), directory], { stdio: "inherit" });
  await wait(1000);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop() {
      child.kill("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
