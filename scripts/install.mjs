// Plain JavaScript: this runs before anything is installed, on whatever Node is there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Installs what package-lock.json names, unless exactly that is installed already. Ends the process if it can't. */
export function ensureInstalled() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".croft-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("croft: installing the locked dependencies (npm ci) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync(npm, args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (status !== 0) {
    console.error("croft: npm ci failed; its message is above. Check the network and the disk, then run this again.");
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

/** The pinned Node that came with the dependencies, or this one if it is as new. */
export function pinnedNode() {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  if (process.platform === "win32") names.push(`node-win-${process.arch}`);
  for (const name of names) {
    for (const file of ["bin/node", "bin/node.exe"]) {
      const path = join(root, "node_modules", name, file);
      if (existsSync(path)) return path;
    }
  }
  if (Number(process.versions.node.split(".")[0]) >= 26) return process.execPath;
  console.error(
    `croft: Node 26 or newer is needed here; this is ${process.version} and no pinned Node fits the machine.`,
  );
  return process.exit(1);
}
