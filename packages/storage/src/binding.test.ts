import { expect, test } from "vitest";
import { describeEngines } from "./contract/describe-engines.ts";
import { insertEntry } from "./contract/raw-storage.ts";
import { anyOf } from "./sql.ts";

describeEngines("a value", (database) => {
  test("comes back as it was written, whatever characters and bytes it holds", async () => {
    const { storage } = database();
    const texts = [
      "",
      "it's",
      "a\0b\0",
      "\u{10FFFF}",
      "\u{10FFFF}0\0",
      "𝔘nicode 🐈",
      '{"a":"\\u0000"}',
      "\\x00",
      '{NULL,"x"}',
    ];
    const bytes = new Uint8Array([0, 1, 92, 127, 128, 255]);
    await Promise.all(
      texts.map((entry) =>
        storage.write(async (tx) => {
          tx.sql.run`INSERT INTO log (position, entry, bytes) VALUES (${tx.nextPosition()}, ${entry}, ${bytes})`;
        }),
      ),
    );
    const rows = await storage.read.sql.all<{
      entry: string;
      bytes: Uint8Array;
    }>`SELECT entry, bytes FROM log ORDER BY position`;
    expect(rows.map(({ entry }) => entry)).toEqual(texts);
    for (const row of rows) expect([...row.bytes]).toEqual([...bytes]);
    const among = await storage.read.sql.all`SELECT position FROM log WHERE entry ${anyOf(texts)}`;
    expect(among).toHaveLength(texts.length);
    const nul = await storage.read.sql.all`SELECT position FROM log WHERE entry = ${"a\0b\0"}`;
    expect(nul.length).toBe(1);
  });

  test("that is a large integer stays exact, and counts and comparisons are numbers", async () => {
    const { storage } = database();
    await storage.write(async (tx) => insertEntry(tx.sql, "a", Number.MAX_SAFE_INTEGER));
    const [row] = await storage.read.sql.all`
      SELECT COUNT(*) AS n, MAX(value) AS exact, SUM(value) AS s, key = ${"a"} AS same, key = ${"b"} AS other FROM entries GROUP BY key`;
    expect(row).toEqual({ n: 1, exact: Number.MAX_SAFE_INTEGER, s: Number.MAX_SAFE_INTEGER, same: 1, other: 0 });
  });
});
