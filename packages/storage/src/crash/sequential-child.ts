// Writes a number of times, one after the other, and says on standard output when each was acknowledged.
import { writeSync } from "node:fs";
import { insertEntry, openRaw } from "../contract/raw-storage.ts";

const [path = "", writes = ""] = process.argv.slice(2);
const storage = await openRaw({ kind: "sqlite", path });
for (let n = 0; n < Number(writes); n++) {
  await storage.write(async (tx) => insertEntry(tx.sql, `${n}`));
  writeSync(1, `acknowledged ${n}\n`);
}
await storage.close();
