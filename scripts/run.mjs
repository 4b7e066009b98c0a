// `node scripts/run.mjs SCRIPT ARGS`: installs what is missing, then runs a script of ours on the pinned Node.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled, root } from "./install.mjs";

const NODE_MAJOR = 26;

ensureInstalled();
const onWindows = process.platform === "win32";
const pinned = join(root, "node_modules/.bin", onWindows ? "node.cmd" : "node");
const node = existsSync(pinned) ? pinned : process.execPath;
if (node !== pinned && Number(process.versions.node.split(".")[0]) < NODE_MAJOR) {
  const machine = `${process.platform} ${process.arch}`;
  console.error(
    `croft: no pinned Node fits this machine (${machine}) and ${process.version} is too old: install Node ${NODE_MAJOR}.`,
  );
  process.exit(1);
}
const [script, ...args] = process.argv.slice(2);
const { status } = spawnSync(node, [join(root, script), ...args], { stdio: "inherit", shell: onWindows });
process.exit(status ?? 1);
