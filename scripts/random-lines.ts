// `node scripts/random-lines.ts [SEED] [--answers]`: ten lines of the source, picked by the seed, without saying where they
// stand. A reader who knows ARCHITECTURE.md should name the folder of each; `--answers` tells.
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({ options: { answers: { type: "boolean" } }, allowPositionals: true });
const [seed = "croft"] = positionals;
const root = join(import.meta.dirname, "..");

/** Lines that say something: no imports, no comments, no lone punctuation. */
const says = (line: string) =>
  line.trim().length > 40 && !/^\s*(import|export \{|export \*|\/\/|\/?\*)|from "/.test(line);

const lines = globSync("{packages,apps}/*/src/**/*.{ts,tsx}", { cwd: root })
  .filter((file) => !/\.test\.tsx?$/.test(file))
  .sort()
  .flatMap((file) =>
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .map((text, index) => ({ at: `${file}:${index + 1}`, text: text.trim() })),
  )
  .filter(({ text }) => says(text));

const order = (at: string) => createHash("sha256").update(`${seed} ${at}`).digest("hex");
const picked = lines.map((line) => ({ ...line, rank: order(line.at) })).sort((a, b) => (a.rank < b.rank ? -1 : 1));

for (const [index, { at, text }] of picked.slice(0, 10).entries()) {
  console.log(`${index + 1}. ${values.answers ? `${at}  ` : ""}${text}`);
}
