import { expect, test, vi } from "vitest";
import { describeEngines } from "./contract/describe-engines.ts";
import { insertEntry, keysOf, type RawStorage } from "./contract/raw-storage.ts";
import { type Committed, GuardFailed } from "./storage.ts";

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
