// `npm test`: installs what is missing and runs every check; the last line counts them.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";
import { ensureSystemParts } from "./system-parts.mjs";

ensureInstalled();
ensureSystemParts();
const { status, signal } = spawnSync(pinnedNode(), [join(root, "scripts/run-checks.ts"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
});
if (signal) console.error(`croft: the checks were ended by ${signal}`);
process.exit(status ?? 1);
