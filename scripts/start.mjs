// `npm start -- ARGS`: installs what is missing, then is `croft start ARGS`, in this process where its Node is fit.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, root } from "./install.mjs";

ensureInstalled();
const launcher = join(root, "apps/server/bin/croft.mjs");
process.argv = [process.argv[0], launcher, "start", ...process.argv.slice(2)];
await import(pathToFileURL(launcher).href);
