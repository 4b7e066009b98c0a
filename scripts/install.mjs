// The first step of every npm script. Plain JavaScript, for whatever Node is there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Installs what package-lock.json names, unless exactly that is installed already. Ends the process if it cannot. */
export function ensureInstalled() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".croft-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("croft: installing the locked dependencies (npm ci) …");
  const onWindows = process.platform === "win32";
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync(onWindows ? "npm.cmd" : "npm", args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: onWindows,
  });
  if (status !== 0) {
    console.error("croft: npm ci failed; its message is above. Check the network and the disk, then run this again.");
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}
