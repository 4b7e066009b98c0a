import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../packages/testkit/src/croft-process.ts";

export type Floor = { readonly url: string; readonly pid: number; readonly stop: () => void };

/** Starts the floor in a process of its own. */
export async function startFloor(): Promise<Floor> {
  const directory = mkdtempSync(join(tmpdir(), "croft-floor-"));
  const port = await freePort();
  const floor = join(import.meta.dirname, "floor.ts");
  const child = spawn(process.execPath, [floor, String(port), directory], { stdio: "inherit" });
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`the floor ended with ${child.exitCode}`);
    await wait(50);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop() {
      child.kill("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The floor answers nothing that could be asked for beforehand. */
const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
