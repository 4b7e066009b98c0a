import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkDirection } from "./checks/direction.ts";
import { checkPlantedFaults } from "./checks/planted-faults.ts";
import { checkSpecTable } from "./checks/spec-table.ts";
import { type CheckResult, command } from "./checks/tools.ts";
import { ensureSystemParts } from "./system-parts.ts";

ensureSystemParts();

/** Every check of `npm test`, in order of speed. A check is a name and what it found wrong; nothing found is a pass. */
const root = fileURLToPath(new URL("..", import.meta.url));

const checks: readonly { name: string; run: () => CheckResult }[] = [
  { name: "packages import only downwards", run: () => checkDirection(root) },
  {
    name: "formatting, lint and boundaries (Biome)",
    run: () => command(root, "biome", ["check", "--error-on-warnings"]),
  },
  { name: "types (tsc -b)", run: () => command(root, "tsc", ["-b"]) },
  { name: "types of the tests", run: () => command(root, "tsc", ["-p", "tsconfig.tests.json"]) },
  { name: "no promise is dropped, no case forgotten (oxlint)", run: () => command(root, "oxlint", ["--type-aware"]) },
  { name: "SPEC.md is what the code says", run: () => checkSpecTable(root) },
  { name: "every guard catches its planted fault", run: () => checkPlantedFaults(root) },
];

let passed = 0;
let failed = 0;
for (const { name, run } of checks) {
  const started = performance.now();
  const { problems } = run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? "✓" : "✗"} ${name} (${seconds} s)`);
  for (const problem of problems) console.log(problem);
  if (problems.length === 0) passed++;
  else failed++;
}

const report = join(root, ".cache/vitest.json");
rmSync(report, { force: true });
mkdirSync(dirname(report), { recursive: true });
const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)];
const vitest = spawnSync(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...args], {
  cwd: root,
  stdio: "inherit",
});
try {
  const counts: unknown = JSON.parse(readFileSync(report, "utf8"));
  const { numPassedTests, numFailedTests, numPendingTests } = counts as { [name: string]: number };
  passed += numPassedTests ?? 0;
  // A test that did not run proves nothing: it counts as failed.
  failed += (numFailedTests ?? 0) + (numPendingTests ?? 0);
} catch {
  console.log("✗ Vitest left no report");
  failed++;
}
if (vitest.status !== 0 && failed === 0) failed++;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
