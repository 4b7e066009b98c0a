import { expect, test, vi } from "vitest";
import { describeEngines } from "./contract/describe-engines.ts";
import { insertEntry, keysOf, type RawStorage } from "./contract/raw-storage.ts";
import { GuardFailed, StorageUnavailable } from "./storage.ts";

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
    let refusal: unknown;
    const atHandOver = () => {
      try {
        late();
      } catch (error) {
        refusal = error;
      }
    };
    await storage.write(
      async (tx) => {
        late = () => insertEntry(tx.sql, "late");
        insertEntry(tx.sql, "in time");
      },
      { onHandedOver: atHandOver },
    );
    expect(String(refusal)).toContain("not awaited");
    expect(late).toThrow("not awaited");
    expect(await keysOf(storage)).toEqual(["in time"]);
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
      storage.write(async (tx) => {
        const row = await tx.sql.one<{ value: number }>`SELECT value FROM entries WHERE key = ${"count"}`;
        const value = row?.value ?? 0;
        tx.sql.guard(1)`UPDATE entries SET value = ${value + 1} WHERE key = ${"count"} AND value = ${value}`;
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await entryOf(storage, "count")).toBe(20);
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
