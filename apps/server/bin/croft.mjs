#!/usr/bin/env node
// Starts Croft with a Node that can run it. Plain JavaScript for any Node since 14: it must be able to say what it lacks.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 26;
const MAIN = new URL("../src/main.ts", import.meta.url);

// A warm start compiles nothing. The variable says it to threads and children, the call to this process.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../../../.cache/node", import.meta.url));
// glibc would keep the 19 MiB of a password's hash for the next one, in every thread that ever hashed one.
process.env.MALLOC_MMAP_THRESHOLD_ ??= String(1 << 20);

/** In MB. What a request leaves behind is dead by the time 8 MB are full; V8's 16 only cost memory, twice. */
const SEMI_SPACE = 8;

const isFit = Number(process.versions.node.split(".")[0]) >= NEEDED;
// A process can take flags and malloc's settings only as it begins.
const canBecome = typeof process.execve === "function" && process.platform !== "win32";

if (isFit && !canBecome) {
  module.enableCompileCache();
  await import(MAIN.href);
} else {
  const node = isFit ? process.execPath : pinnedNode();
  if (node === undefined) {
    console.error(
      `Croft needs Node ${NEEDED} or newer, and this is ${process.version}. Run "npm ci" in Croft's folder, which brings one, or install it.`,
    );
    process.exit(1);
  }
  runWith(node);
}

/** The Node that the workspace's lock file pins for this platform, where it is installed. */
function pinnedNode() {
  const require = createRequire(import.meta.url);
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = process.platform === "win32" ? "node.exe" : "node";
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    try {
      const node = join(dirname(require.resolve(`${name}/package.json`)), "bin", file);
      if (existsSync(node)) return node;
    } catch {
      // Not installed: the next name, or none.
    }
  }
  return undefined;
}

/** Becomes that Node where this one can; else runs it as a child and stands in for it. */
function runWith(node) {
  const flags = [`--max-semi-space-size=${SEMI_SPACE}`];
  const args = [...flags, fileURLToPath(MAIN), ...process.argv.slice(2)];
  if (canBecome) process.execve(node, [node, ...args], process.env);
  // The channel tells the server when this process dies, even by SIGKILL.
  const child = spawn(node, args, { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`Croft could not start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code === null ? 128 + constants.signals[signal] : code));
}
