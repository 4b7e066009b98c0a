// `npm run test:long [-- PART …]`: the tests that chance feeds, for longer and with new seeds; the last results are kept
// in docs/test-long.md.
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENT = `${root}docs/test-long.md`;

type Part = {
  readonly name: string;
  readonly what: string;
  /** Arguments of Vitest. */
  readonly args: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly rounds?: number;
};

const setting = (name: string, usual: string): string => process.env[name] ?? usual;
const rounds = setting("CROFT_PROPERTY_ROUNDS", "30");
const kills = setting("CROFT_KILLS", "500");
const requests = setting("CROFT_FUZZ_REQUESTS", "2000000");
const minutes = setting("CROFT_FUZZ_MINUTES", "10");

const PARTS: readonly Part[] = [
  {
    name: "properties",
    what: `${rounds} runs of the property tests, each with seeds of its own`,
    args: ["--project", "units", "property", "canonical-json", "state-map", "matrix-uri", "push-rules", "state-groups"],
    rounds: Number(rounds),
  },
  {
    name: "kill",
    what: `kill -9 under load, ${kills} times on each engine`,
    args: ["--project", "whole program", "durability/kill"],
    env: { CROFT_KILLS: kills },
  },
  {
    name: "fuzz",
    what: `${requests} malformed requests, or as many as ${minutes} minutes allow, and a tenth on PostgreSQL`,
    args: ["--project", "whole program", "fuzz/malformed"],
    env: { CROFT_FUZZ_REQUESTS: requests, CROFT_FUZZ_MINUTES: minutes },
  },
];

type Result = { readonly passed: boolean; readonly minutes: number; readonly notes: readonly string[] };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => PARTS.every((part) => part.name !== name));
if (unknown.length > 0) {
  console.error(`There is no part "${unknown[0]}"; there are ${PARTS.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
const rows = readRows();
for (const part of PARTS) {
  if (asked.length > 0 && !asked.includes(part.name)) continue;
  const seed = process.env["CROFT_SEED"] ?? String(randomInt(2 ** 31));
  const result = await run(part, seed);
  rows.set(part.name, row(part, seed, result));
  writeFileSync(DOCUMENT, document(rows));
  if (!result.passed) process.exitCode = 1;
}

async function run({ args, env, rounds = 1 }: Part, seed: string): Promise<Result> {
  const started = performance.now();
  const notes: string[] = [];
  let passed = true;
  for (let round = 0; round < rounds && passed; round++) {
    const { status, output } = await vitest(args, { ...env, CROFT_SEED: seed });
    passed = status === 0;
    notes.push(...output.split("\n").filter((line) => line.startsWith(`seed ${seed}`)));
  }
  return { passed, minutes: (performance.now() - started) / 60_000, notes };
}

/** Runs Vitest, shows what it says and keeps it. */
function vitest(args: readonly string[], env: object): Promise<{ status: number | null; output: string }> {
  const command = [`${root}node_modules/vitest/vitest.mjs`, "run", "--silent=false", "--reporter=verbose", ...args];
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, output })));
}

function row({ name, what }: Part, seed: string, { passed, minutes, notes }: Result): string {
  const date = new Date().toISOString().slice(0, 10);
  const result = passed ? "passed" : "**failed**";
  return `| ${name} | ${what} | ${date} | ${seed} | ${minutes.toFixed(1)} min | ${result} | ${notes.join("<br>")} |`;
}

/** The rows of earlier runs, so that a run of one part keeps the others'. */
function readRows(): Map<string, string> {
  const lines = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, "utf8").split("\n") : [];
  const found = PARTS.map(({ name }) => [name, lines.find((line) => line.startsWith(`| ${name} |`))] as const);
  return new Map(found.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

function document(rows: ReadonlyMap<string, string>): string {
  return `# Long tests

\`npm test\` takes minutes, so what chance feeds gets few tries in it. \`npm run test:long\` gives it many, with new seeds each
time, and writes this page; \`npm run test:long -- kill\` runs one part. A failure prints its seed: \`CROFT_SEED=… npm run
test:long -- fuzz\` tries it again.

| part | what | last run | seed | took | result | notes |
|---|---|---|---|---|---|---|
${[...rows.values()].join("\n")}
`;
}
