// `npm run NAME` on whatever Node is there: installs what is missing and runs a script of ours on the pinned Node.
import { spawnSync } from "node:child_process";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";

ensureInstalled();
const { status } = spawnSync(pinnedNode(), process.argv.slice(2), { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
