// The first step of every npm script. Plain JavaScript, for whatever Node is there: installs what package-lock.json names,
// unless exactly that is installed already. The pinned Node is among it, and runs the script that is named behind.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const NODE_MAJOR = 26;

const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const stamp = join(root, "node_modules", ".croft-installed");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
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

const bin = join(root, "node_modules/.bin", process.platform === "win32" ? "node.cmd" : "node");
const node = existsSync(bin) ? bin : process.execPath;
if (node !== bin && Number(process.versions.node.split(".")[0]) < NODE_MAJOR) {
  console.error(
    `croft: this machine (${process.platform} ${process.arch}) has no pinned Node and ${process.version} is too old: install Node ${NODE_MAJOR}.`,
  );
  process.exit(1);
}

const [script, ...args] = process.argv.slice(2);
if (script !== undefined) {
  const { status } = spawnSync(node, [join(root, script), ...args], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.exit(status ?? 1);
}
