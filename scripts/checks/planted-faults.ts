import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkDirection } from "./direction.ts";
import { checkSpecTable } from "./spec-table.ts";
import { type CheckResult, command } from "./tools.ts";

/** A guard that catches nothing looks like a clean tree: each is shown one fault in a small workspace and must name it. */
type PlantedFault = {
  readonly fault: string;
  readonly files: { readonly [path: string]: string };
  readonly guard: (workspace: string) => CheckResult;
  /** What the guard's complaint must contain. */
  readonly complaint: string;
};

const biome = (workspace: string) => command(workspace, "biome", ["check", "--error-on-warnings", "packages"]);
const oxlint = (workspace: string) => command(workspace, "oxlint", ["--type-aware"]);
const PROTOCOL = "packages/protocol/src/fault.ts";
const ROOMS = "packages/rooms/src/fault.ts";
const store = "declare const store: { write(): Promise<void> };\n";

const FAULTS: readonly PlantedFault[] = [
  {
    fault: "a package imports what its package.json does not name",
    files: { [PROTOCOL]: 'export { createRoom } from "@croft/rooms";\n' },
    guard: biome,
    complaint: "noUndeclaredDependencies",
  },
  {
    fault: "a package.json names a package of a higher ring",
    files: { "packages/protocol/package.json": '{ "dependencies": { "@croft/rooms": "0.1.0" } }\n' },
    guard: checkDirection,
    complaint: "packages/protocol may not depend on rooms",
  },
  {
    fault: "two files import each other",
    files: {
      "packages/rooms/src/a.ts": 'import { b } from "./b.ts";\n\nexport const a = () => b();\n',
      "packages/rooms/src/b.ts": 'import { a } from "./a.ts";\n\nexport const b = (): void => a();\n',
    },
    guard: biome,
    complaint: "noImportCycles",
  },
  {
    fault: "a file is longer than 500 lines",
    files: { [ROOMS]: Array.from({ length: 501 }, (_, line) => `export const x${line} = 1;\n`).join("") },
    guard: biome,
    complaint: "noExcessiveLinesPerFile",
  },
  {
    fault: "a module has a default export",
    files: { [ROOMS]: "export default 1;\n" },
    guard: biome,
    complaint: "noDefaultExport",
  },
  { fault: "a file is not formatted", files: { [ROOMS]: "export const x=1\n" }, guard: biome, complaint: "format" },
  ...["Date.now()", "fetch", "process", "Buffer"].map((expression) => ({
    fault: `protocol code touches ${expression}`,
    files: { [PROTOCOL]: `export const x = ${expression};\n` },
    guard: biome,
    complaint: "noRestrictedGlobals",
  })),
  {
    fault: "protocol code imports node:fs",
    files: { [PROTOCOL]: 'export { readFileSync } from "node:fs";\n' },
    guard: biome,
    complaint: "noNodejsModules",
  },
  ...[PROTOCOL, ROOMS].map((file) => ({
    fault: `${file} takes chance from the machine`,
    files: { [file]: "export const x = Math.random();\n" },
    guard: biome,
    complaint: "Chance comes in as Random",
  })),
  {
    fault: "a use case asks the machine for the time",
    files: { [ROOMS]: "export const x = Date.now();\n" },
    guard: biome,
    complaint: "Time comes in as a Clock",
  },
  {
    fault: "a use case makes its own random bytes",
    files: { [ROOMS]: 'import { randomBytes } from "node:crypto";\n\nexport const x = randomBytes(1);\n' },
    guard: biome,
    complaint: "Chance comes in as Random",
  },
  {
    fault: "a promise inside a transaction is not awaited",
    files: { [ROOMS]: `${store}export async function useCase(): Promise<void> {\n  store.write();\n}\n` },
    guard: oxlint,
    complaint: "no-floating-promises",
  },
  {
    fault: "a promise stands where a truth value is meant",
    files: { [ROOMS]: `${store}export const x = (): number => {\n  if (store.write()) return 1;\n  return 2;\n};\n` },
    guard: oxlint,
    complaint: "no-misused-promises",
  },
  {
    fault: "a switch forgets a case",
    files: {
      [ROOMS]:
        'export function x(dir: "b" | "f"): number {\n  let answer = 0;\n  switch (dir) {\n    case "b":\n      answer = 1;\n      break;\n  }\n  return answer;\n}\n',
    },
    guard: oxlint,
    complaint: "switch-exhaustiveness-check",
  },
  {
    fault: "a type does not fit",
    files: { [ROOMS]: 'export const x: number = "one";\n' },
    guard: (workspace) => command(workspace, "tsc", ["-p", "packages/rooms"]),
    complaint: "TS2322",
  },
  {
    fault: "SPEC.md tells of yesterday",
    files: { "spec/operations.tsv": "api\nclient-server\tGET\t/x\tgetX\tf\tarea\n", "SPEC.md": "# SPEC.md\n" },
    guard: checkSpecTable,
    complaint: "out of date",
  },
  {
    fault: "an operation is implemented without a test",
    files: {
      "spec/operations.tsv": "api\nclient-server\tGET\t/x\tgetX\tf\tarea\n",
      "packages/api/src/x.ts":
        'export const getX = endpoint({\n  operationId: "getX",\n  method: "GET",\n  path: "/x",\n});\n',
      "packages/rooms/src/routes.ts": "export const routes = [route(getX, () => {})];\n",
    },
    guard: checkSpecTable,
    complaint: "implemented without a test: | getX",
  },
  {
    fault: "a test fails",
    files: {
      "packages/rooms/src/fault.test.ts":
        'import { expect, test } from "vitest";\n\ntest("one is two", () => expect(1).toBe(2));\n',
    },
    guard: (workspace) => command(workspace, "vitest", ["run"]),
    complaint: "one is two",
  },
];

export function checkPlantedFaults(root: string): CheckResult {
  const problems: string[] = [];
  for (const { fault, files, guard, complaint } of FAULTS) {
    const workspace = plant(root, files);
    const { problems: found } = guard(workspace);
    if (!found.join("\n").includes(complaint))
      problems.push(`not caught: ${fault} (${found.join("\n").slice(0, 2000)})`);
    rmSync(workspace, { recursive: true, force: true });
  }
  return { problems };
}

/** A workspace with this one's rules and tools and nothing in it but the fault. */
function plant(root: string, files: PlantedFault["files"]): string {
  const workspace = mkdtempSync(join(tmpdir(), "croft-planted-"));
  symlinkSync(join(root, "node_modules"), join(workspace, "node_modules"));
  for (const rules of [".oxlintrc.json", "tsconfig.base.json", "vitest.config.ts", "scripts/checks/no-chance.grit"]) {
    cpSync(join(root, rules), join(workspace, rules));
  }
  const biomeRules = JSON.parse(readFileSync(join(root, "biome.json"), "utf8")) as { vcs?: object };
  delete biomeRules.vcs;
  const tsconfig =
    '{ "extends": "../../tsconfig.base.json", "compilerOptions": { "outDir": "dist" }, "include": ["src"] }';
  const all = {
    "biome.json": `${JSON.stringify(biomeRules, null, 2)}\n`,
    "packages/rooms/tsconfig.json": tsconfig,
    "packages/rooms/package.json": '{ "name": "@croft/rooms", "devDependencies": { "vitest": "*" } }\n',
    "packages/protocol/package.json": '{ "name": "@croft/protocol" }\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  return workspace;
}

if (import.meta.main) {
  const { problems } = checkPlantedFaults(join(import.meta.dirname, "../.."));
  console.log(problems.length === 0 ? `all ${FAULTS.length} caught` : problems.join("\n\n"));
}
