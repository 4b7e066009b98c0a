// Writes without end and says on standard output what was acknowledged, until it is killed.
import { openRaw } from "../contract/raw-storage.ts";
import type { EngineChoice } from "../open-storage.ts";

const WRITERS = 16;
const [engine = "", round = ""] = process.argv.slice(2);
const storage = await openRaw(JSON.parse(engine) as EngineChoice);
let started = 0;

async function writeForever(): Promise<void> {
  for (;;) {
    const key = `${round}-${started++}`;
    await storage.write(async (tx) => {
      tx.sql.run`INSERT INTO entries (key, value) VALUES (${key}, 0)`;
      tx.sql.run`INSERT INTO log (position, entry) VALUES (${tx.nextPosition()}, ${key})`;
    });
    // Waits where the reader is slow, so that what is said was said before the end comes.
    process.stdout.write(`${key}\n`);
  }
}

// A database that goes away ends this process as a crash would.
await Promise.all(Array.from({ length: WRITERS }, writeForever)).catch(() => process.exit(1));
