// Writes until the size that the parent allows for a file is reached, lifts that limit, writes again, and tells.
import { execFileSync } from "node:child_process";
import { keysOf, openRaw } from "../contract/raw-storage.ts";
import { StorageUnavailable } from "../storage.ts";

const [path = ""] = process.argv.slice(2);
// Its default would end the process where the write should fail.
process.on("SIGXFSZ", () => {});

const storage = await openRaw({ kind: "sqlite", path });
const acknowledged: string[] = [];
const refused: string[] = [];
const errors = new Set<string>();

async function write(key: string, size = 0): Promise<void> {
  try {
    await storage.write(async (tx) => {
      tx.sql.run`INSERT INTO entries (key, value) VALUES (${key}, 0)`;
      tx.sql.run`INSERT INTO log (position, entry) VALUES (${tx.nextPosition()}, ${key.padEnd(size, ".")})`;
    });
    acknowledged.push(key);
  } catch (error) {
    refused.push(key);
    errors.add(`${error instanceof StorageUnavailable} ${String(error)}`);
  }
}

for (let round = 0; refused.length === 0 && round < 100; round++) {
  await Promise.all(Array.from({ length: 10 }, (_, n) => write(`${round}-${n}`, 20_000)));
}
const refusedAtLimit = refused.length;
// Small writes take what is left, until not even the health's own fits.
let health: string | undefined;
for (let n = 0; health === undefined && n < 1_000; n++) {
  await write(`small-${n}`);
  health = await storage.health();
}
execFileSync("prlimit", ["--pid", `${process.pid}`, "--fsize=unlimited:unlimited"]);
const healthAfter = await storage.health();
await write("after");
const keys = await keysOf(storage);
await storage.close();
console.log(JSON.stringify({ acknowledged, refused, refusedAtLimit, errors: [...errors], health, healthAfter, keys }));
