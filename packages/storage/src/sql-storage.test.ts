import { expect, test, vi } from "vitest";
import { describeEngines } from "./contract/describe-engines.ts";
import { insertEntry, keysOf, type RawStorage } from "./contract/raw-storage.ts";
import { anyOf } from "./sql.ts";
import { type Committed, GuardFailed, StorageUnavailable } from "./storage.ts";

const entryOf = async ({ read }: RawStorage, key: string) =>
  (await read.sql.one<{ value: number }>`SELECT value FROM entries WHERE key = ${key}`)?.value;

describeEngines("a write", (database) => {
  test("is readable once it has resolved, and what it returned is handed back", async () => {
    const { storage } = database();
    expect(
      await storage.write(async (tx) => {
        insertEntry(tx.sql, "a", 7);
        return "done";
      }),
    ).toBe("done");
    expect(await entryOf(storage, "a")).toBe(7);
  });

  test("reads the last commit, not what it has collected", async () => {
    const { storage } = database();
    const seen = await storage.write(async (tx) => {
      insertEntry(tx.sql, "a");
      return tx.sql.all`SELECT key FROM entries`;
    });
    expect(seen).toEqual([]);
  });

  test("that throws writes nothing", async () => {
    const { storage } = database();
    const failing = storage.write(async (tx) => {
      insertEntry(tx.sql, "a");
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await keysOf(storage)).toEqual([]);
    expect(storage.metrics().commits).toBe(0);
  });

  test("without statements resolves without a commit", async () => {
    const { storage } = database();
    expect(await storage.write(async () => 5)).toBe(5);
    expect(storage.metrics().commits).toBe(0);
  });

  test("refuses what is written after its use case has ended", async () => {
    const { storage } = database();
    let late = () => {};
    await storage.write(async (tx) => {
      late = () => insertEntry(tx.sql, "late");
    });
    expect(late).toThrow("not awaited");
  });

  test("that fails leaves those it shares a commit with alone", async () => {
    const { storage } = database();
    await storage.write(async (tx) => insertEntry(tx.sql, "taken"));
    const before = storage.metrics().commits;
    const ended = await Promise.allSettled([
      storage.write(async (tx) => insertEntry(tx.sql, "a")),
      storage.write(async (tx) => {
        insertEntry(tx.sql, "half");
        insertEntry(tx.sql, "taken");
      }),
      storage.write(async (tx) => insertEntry(tx.sql, "b")),
    ]);
    expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(ended[1]).not.toMatchObject({ reason: expect.any(StorageUnavailable) });
    expect(await keysOf(storage)).toEqual(["a", "b", "taken"]);
    expect(storage.metrics().commits - before).toBeLessThanOrEqual(2);
  });

  test("waits with others for one commit", async () => {
    const { storage } = database();
    await Promise.all(Array.from({ length: 64 }, (_, n) => storage.write(async (tx) => insertEntry(tx.sql, `${n}`))));
    expect((await keysOf(storage)).length).toBe(64);
    expect(storage.metrics()).toMatchObject({ written: 64, inFlight: 0 });
    expect(storage.metrics().commits).toBeLessThanOrEqual(3);
  });

  test("is refused once the storage is closed", async () => {
    const { storage } = database();
    await storage.close();
    await expect(storage.write(async (tx) => insertEntry(tx.sql, "a"))).rejects.toThrow(StorageUnavailable);
    expect(await storage.health()).toBe("The storage is closed.");
  });

  test("that was handed over is on disk when closing has ended", async () => {
    const { storage, reopen } = database();
    const writing = storage.write(async (tx) => insertEntry(tx.sql, "a"), {
      onHandedOver: () => void reopened.resolve(Promise.resolve().then(reopen)),
    });
    const reopened = Promise.withResolvers<RawStorage>();
    await writing;
    expect(await keysOf(await reopened.promise)).toEqual(["a"]);
  });
});

describeEngines("a guard", (database) => {
  test("that fails runs the use case again, which then reads what overtook it", async () => {
    const { storage } = database();
    await storage.write(async (tx) => insertEntry(tx.sql, "count", 0));
    const increment = () =>
      storage.write(
        async (tx) => {
          const row = await tx.sql.one<{ value: number }>`SELECT value FROM entries WHERE key = ${"count"}`;
          const value = row?.value ?? 0;
          tx.sql.guard(1)`UPDATE entries SET value = ${value + 1} WHERE key = ${"count"} AND value = ${value}`;
        },
        { reruns: 20 },
      );
    await Promise.all(Array.from({ length: 8 }, increment));
    expect(await entryOf(storage, "count")).toBe(8);
    expect(storage.metrics().reruns).toBeGreaterThan(0);
  });

  test("that fails undoes its own use case and no other", async () => {
    const { storage } = database();
    const ended = await Promise.allSettled([
      storage.write(async (tx) => insertEntry(tx.sql, "before")),
      storage.write(
        async (tx) => {
          insertEntry(tx.sql, "undone");
          tx.sql.guard(1)`UPDATE entries SET value = 1 WHERE key = ${"nobody"}`;
          insertEntry(tx.sql, "never");
        },
        { reruns: 0 },
      ),
      storage.write(async (tx) => insertEntry(tx.sql, "after")),
    ]);
    expect(ended[1]).toMatchObject({ status: "rejected", reason: expect.any(GuardFailed) });
    expect(await keysOf(storage)).toEqual(["after", "before"]);
  });

  test("on an insert lets one of several through", async () => {
    const { storage } = database();
    const claim = (n: number) =>
      storage.write(
        async (tx) => {
          tx.sql.guard(1)`INSERT INTO entries (key, value) VALUES (${"one"}, ${n}) ON CONFLICT (key) DO NOTHING`;
        },
        { reruns: 0 },
      );
    const ended = await Promise.allSettled([claim(1), claim(2), claim(3)]);
    expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(await entryOf(storage, "one")).toBe(1);
  });

  test("on a statement that writes nothing is refused", async () => {
    const { storage } = database();
    const failing = storage.write(async (tx) => tx.sql.guard(1)`SELECT 1 AS found`);
    await expect(failing).rejects.toThrow("a guard counts");
  });

  test("gives up after the reruns that were allowed", async () => {
    const { storage } = database();
    const run = vi.fn();
    const failing = storage.write(
      async (tx) => {
        run();
        tx.sql.guard(1)`UPDATE entries SET value = 1 WHERE key = ${"nobody"}`;
      },
      { reruns: 2 },
    );
    await expect(failing).rejects.toThrow(GuardFailed);
    expect(run).toHaveBeenCalledTimes(3);
  });
});

describeEngines("a position", (database) => {
  const append = (storage: RawStorage, entry: string) =>
    storage.write(async (tx) => {
      const position = tx.nextPosition();
      tx.sql.run`INSERT INTO log (position, entry) VALUES (${position}, ${entry})`;
      return position;
    });

  test("is known when its write is handed over, and not before", async () => {
    const { storage } = database();
    let atHandOver = 0;
    let early: unknown;
    let position: { readonly value: number } | undefined;
    await storage.write(
      async (tx) => {
        const next = tx.nextPosition();
        position = next;
        try {
          early = next.value;
        } catch (error) {
          early = error;
        }
      },
      {
        onHandedOver: () => {
          atHandOver = position?.value ?? 0;
          expect(storage.position()).toBeLessThan(atHandOver);
        },
      },
    );
    expect(early).toBeInstanceOf(Error);
    expect(atHandOver).toBeGreaterThan(0);
    expect(storage.position()).toBe(atHandOver);
  });

  test("follows the order of commits, and those of one write the order of asking", async () => {
    const { storage } = database();
    const finished: number[] = [];
    const writing = Array.from({ length: 20 }, async (_, n) => {
      const position = await append(storage, `${n}`);
      finished.push(position.value);
    });
    await Promise.all(writing);
    expect(finished).toEqual([...finished].sort((a, b) => a - b));
    const [first, second] = await storage.write(async (tx) => [tx.nextPosition(), tx.sql.nextPosition()]);
    expect(second!.value).toBe(first!.value + 1);
  });

  test("is never given again, not even after a restart, and the restarted storage stands at or after it", async () => {
    const { storage, reopen } = database();
    const before = await append(storage, "before");
    const reopened = await reopen();
    expect(reopened.position()).toBeGreaterThanOrEqual(before.value);
    const after = await append(reopened, "after");
    expect(after.value).toBeGreaterThan(before.value);
  });

  test("of a failed write is skipped", async () => {
    const { storage } = database();
    const first = await append(storage, "a");
    const failing = storage.write(
      async (tx) => {
        tx.sql.run`INSERT INTO log (position, entry) VALUES (${first.value}, ${tx.nextPosition()})`;
      },
      { reruns: 0 },
    );
    await expect(failing).rejects.toThrow();
    const next = await append(storage, "b");
    expect(next.value).toBe(first.value + 2);
    expect(storage.position()).toBe(next.value);
  });
});

describeEngines("a listener to commits", (database) => {
  test("hears once per group, with the position and all that was touched, in order", async () => {
    const { storage } = database();
    const heard: Committed[] = [];
    storage.onCommitted((committed) => heard.push(committed));
    await Promise.all(
      ["@a:x", "@b:x", "@c:x"].map((userId) =>
        storage.write(async (tx) => {
          tx.sql.run`INSERT INTO log (position, entry) VALUES (${tx.nextPosition()}, ${userId})`;
          tx.touch({ userId: userId as "@a:x" });
        }),
      ),
    );
    expect(heard.flatMap(({ touched }) => touched)).toEqual([
      { userId: "@a:x" },
      { userId: "@b:x" },
      { userId: "@c:x" },
    ]);
    expect(heard.length).toBeLessThan(3);
    expect(heard.at(-1)?.position).toBe(storage.position());
  });

  test("hears before the write resolves and can read what was written", async () => {
    const { storage } = database();
    const order: string[] = [];
    let seen: Promise<string[]> | undefined;
    storage.onCommitted(() => {
      order.push("heard");
      seen = keysOf(storage);
    });
    await storage.write(async (tx) => {
      insertEntry(tx.sql, "a");
      tx.sql.onSettled((committed) => order.push(`settled ${committed}`));
    });
    order.push("resolved");
    expect(order).toEqual(["settled true", "heard", "resolved"]);
    expect(await seen).toEqual(["a"]);
  });

  test("hears nothing of a failed write, whose effects are told that it failed", async () => {
    const { storage } = database();
    const heard = vi.fn();
    const settled = vi.fn();
    storage.onCommitted(heard);
    const failing = storage.write(
      async (tx) => {
        tx.touch({ userId: "@a:x" });
        tx.sql.onSettled(settled);
        tx.sql.guard(1)`UPDATE entries SET value = 1 WHERE key = ${"nobody"}`;
      },
      { reruns: 1 },
    );
    await expect(failing).rejects.toThrow(GuardFailed);
    expect(heard).not.toHaveBeenCalled();
    expect(settled.mock.calls).toEqual([[false], [false]]);
  });

  test("that throws keeps nobody from an answer", async () => {
    const { storage } = database();
    const heard = vi.fn();
    storage.onCommitted(() => {
      throw new Error("a bug");
    });
    const stop = storage.onCommitted(heard);
    await storage.write(async (tx) => insertEntry(tx.sql, "a"));
    stop();
    await storage.write(async (tx) => insertEntry(tx.sql, "b"));
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

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
    expect(await entryOf(storage, "a")).toBe(Number.MAX_SAFE_INTEGER);
    const [row] = await storage.read.sql.all`
      SELECT COUNT(*) AS n, SUM(value) AS s, key = ${"a"} AS same, key = ${"b"} AS other FROM entries GROUP BY key`;
    expect(row).toMatchObject({ n: 1, s: Number.MAX_SAFE_INTEGER, same: 1, other: 0 });
  });
});
