import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

/** What a check found wrong, a line or a paragraph each. */
export type CheckResult = { readonly problems: readonly string[] };

/** Runs a tool of node_modules; its output is the problem when it does not exit with 0. */
export function command(cwd: string, tool: string, args: readonly string[]): CheckResult {
  const bin = join(cwd, "node_modules/.bin");
  const { status, stdout, stderr, error } = spawnSync(join(bin, tool), args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 << 20,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`, NO_COLOR: "1" },
  });
  if (status === 0) return { problems: [] };
  return { problems: [error ? error.message : `${stdout}${stderr}`.trim() || `${tool} ended with ${status}`] };
}
