import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { describeEngines } from "../contract/describe-engines.ts";
import type { RawStorage } from "../contract/raw-storage.ts";
import { anyOf, event, room, stateKey, type, user, type WriteSql } from "../sql.ts";
import { GuardFailed } from "../storage.ts";

const join = (sql: WriteSql, userId: UserId) =>
  sql.run`INSERT INTO members (room_num, user_num) VALUES (${room("!r:x")}, ${user(userId)})`;
const fail = (sql: WriteSql) => sql.guard(1)`UPDATE entries SET value = 1 WHERE key = ${"nobody"}`;

async function membersOf({ read }: RawStorage): Promise<string[]> {
  const rows = await read.sql.all<{ user_id: string }>`
    SELECT u.user_id FROM members m JOIN users u ON u.user_num = m.user_num
    WHERE m.room_num = ${room("!r:x")} ORDER BY m.user_num`;
  return rows.map((row) => row.user_id);
}

async function idRows({ read }: RawStorage): Promise<string[]> {
  const rows = await read.sql.all<{ id: string }>`
    SELECT user_id AS id FROM users UNION ALL SELECT room_id AS id FROM room_ids ORDER BY id`;
  return rows.map((row) => row.id);
}

describeEngines("an interned id", (database) => {
  test("is given a number once and found again, also after a restart", async () => {
    const { storage, reopen } = database();
    await storage.write(async (tx) => join(tx.sql, "@a:x"));
    await storage.write(async (tx) => join(tx.sql, "@b:x"));
    const reopened = await reopen();
    await reopened.write(async (tx) => join(tx.sql, "@c:x"));
    expect(await membersOf(reopened)).toEqual(["@a:x", "@b:x", "@c:x"]);
    expect(await idRows(reopened)).toEqual(["!r:x", "@a:x", "@b:x", "@c:x"]);
  });

  test("that is unknown matches no row and is not stored by reading", async () => {
    const { storage } = database();
    await storage.write(async (tx) => join(tx.sql, "@a:x"));
    const unknown = await storage.read.sql.all`SELECT 1 AS found FROM members WHERE user_num = ${user("@nobody:x")}`;
    expect(unknown).toEqual([]);
    const some = await storage.read.sql.all`
      SELECT user_num FROM members WHERE user_num ${anyOf([user("@nobody:x"), user("@a:x")])}`;
    expect(some.length).toBe(1);
    expect(await idRows(storage)).toEqual(["!r:x", "@a:x"]);
  });

  test("used first by a write that fails is still good for one that came after it", async () => {
    const { storage } = database();
    const ended = await Promise.allSettled([
      storage.write(
        async (tx) => {
          join(tx.sql, "@a:x");
          fail(tx.sql);
        },
        { reruns: 0 },
      ),
      storage.write(async (tx) => {
        tx.sql.run`INSERT INTO entries (key, value) VALUES (${"later"}, ${user("@a:x")})`;
      }),
    ]);
    expect(ended[0]).toMatchObject({ status: "rejected", reason: expect.any(GuardFailed) });
    expect(ended[1]).toMatchObject({ status: "fulfilled" });
    const row = await storage.read.sql.one`
      SELECT u.user_id FROM entries e JOIN users u ON u.user_num = e.value WHERE e.key = ${"later"}`;
    expect(row).toMatchObject({ user_id: "@a:x" });
    expect(await idRows(storage)).toEqual(["@a:x"]);
  });

  test("of failed writes alone leaves no row, and can be used again", async () => {
    const { storage } = database();
    for (const reruns of [0, 2]) {
      const failing = storage.write(
        async (tx) => {
          join(tx.sql, "@a:x");
          fail(tx.sql);
        },
        { reruns },
      );
      await expect(failing).rejects.toThrow(GuardFailed);
    }
    const thrown = storage.write(async (tx) => {
      await tx.sql.numbersOf([user("@a:x")]);
      throw new Error("changed my mind");
    });
    await expect(thrown).rejects.toThrow("changed my mind");
    expect(await idRows(storage)).toEqual([]);
    await storage.write(async (tx) => join(tx.sql, "@a:x"));
    expect(await membersOf(storage)).toEqual(["@a:x"]);
  });

  test("used first by many writes at once has one number", async () => {
    const { storage } = database();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        storage.write(async (tx) => {
          const [number] = await tx.sql.numbersOf([user("@new:x")]);
          tx.sql.run`INSERT INTO entries (key, value) VALUES (${`${n}`}, ${number ?? null})`;
        }),
      ),
    );
    const rows = await storage.read.sql.all`SELECT key FROM entries WHERE value = ${user("@new:x")}`;
    expect(rows).toHaveLength(20);
  });

  test("is stored even if its number was only asked for", async () => {
    const { storage, reopen } = database();
    const [asked] = await storage.write(async (tx) => tx.sql.numbersOf([user("@a:x")]));
    const reopened = await reopen();
    expect(await reopened.write(async (tx) => tx.sql.numbersOf([user("@b:x"), user("@a:x")]))).toContain(asked);
    expect(await idRows(reopened)).toEqual(["@a:x", "@b:x"]);
  });

  test("with a character that no text can hold is one with the replaced character", async () => {
    const { storage, reopen } = database();
    for (const open of [async () => storage, reopen]) {
      const current = await open();
      await current.write(async (tx) => {
        tx.sql.run`DELETE FROM members`;
        join(tx.sql, "@\ud800:x");
        join(tx.sql, "@\0:x");
      });
      const rows = await current.read.sql.all`SELECT 1 AS found FROM members WHERE user_num = ${user("@\ufffd:x")}`;
      expect(rows).toHaveLength(1);
    }
  });

  test("is told apart from the same text of another kind", async () => {
    const { storage } = database();
    await storage.write(async (tx) =>
      tx.sql.numbersOf([type("another"), type("m.room.name"), stateKey("m.room.name")]),
    );
    const [row] = await storage.read.sql.all`
      SELECT t.type, s.state_key FROM event_types t, state_keys s
      WHERE t.type_num = ${type("m.room.name")} AND s.state_key_num = ${stateKey("m.room.name")}`;
    expect(row).toEqual({ type: "m.room.name", state_key: "m.room.name" });
    expect(await storage.read.sql.all`SELECT type FROM event_types`).toHaveLength(2);
  });
});

describeEngines("an event's number", (database) => {
  const store = (sql: WriteSql, number: number, id: string) =>
    sql.run`INSERT INTO events (event_num, event_id) VALUES (${number}, ${id})`;

  test("is given at once and stands for the event in the same write and in later ones", async () => {
    const { storage, reopen } = database();
    const number = await storage.write(async (tx) => {
      const given = tx.sql.newEvent("$a");
      expect(tx.sql.newEvent("$a")).toBe(given);
      store(tx.sql, given, "$a");
      tx.sql.run`INSERT INTO entries (key, value) VALUES (${"same"}, ${event("$a")})`;
      return given;
    });
    const reopened = await reopen();
    await reopened.write(async (tx) => {
      tx.sql.run`INSERT INTO entries (key, value) VALUES (${"later"}, ${event("$a")})`;
    });
    expect(await reopened.read.sql.all`SELECT key FROM entries WHERE value = ${number}`).toHaveLength(2);
  });

  test("can be built on while its write is on its way", async () => {
    const { storage } = database();
    const handedOver = Promise.withResolvers<void>();
    const first = storage.write(async (tx) => store(tx.sql, tx.sql.newEvent("$a"), "$a"), {
      onHandedOver: handedOver.resolve,
    });
    await handedOver.promise;
    await storage.write(async (tx) => {
      tx.sql.run`INSERT INTO entries (key, value) VALUES (${"child"}, ${event("$a")})`;
    });
    await first;
    expect(await storage.read.sql.all`SELECT key FROM entries WHERE value = ${event("$a")}`).toHaveLength(1);
  });

  test("cannot be asked for where the event is neither stored nor announced", async () => {
    const { storage } = database();
    const failing = storage.write(async (tx) => {
      tx.sql.run`INSERT INTO entries (key, value) VALUES (${"child"}, ${event("$unknown")})`;
    });
    await expect(failing).rejects.toThrow("$unknown");
  });
});

describeEngines("a counter", (database) => {
  test("never gives a number twice, not even after a restart or for a failed write", async () => {
    const { storage, reopen } = database();
    const take = (from: RawStorage) =>
      from.write(async (tx) => {
        const number = tx.sql.nextNumber("stateGroup");
        tx.sql.run`INSERT INTO entries (key, value) VALUES (${`${number}`}, ${number})`;
        return number;
      });
    const first = await take(storage);
    const failing = storage.write(
      async (tx) => {
        tx.sql.nextNumber("stateGroup");
        fail(tx.sql);
      },
      { reruns: 0 },
    );
    await expect(failing).rejects.toThrow(GuardFailed);
    const second = await take(storage);
    expect(second).toBeGreaterThan(first + 1);
    const reopened = await reopen();
    expect(await take(reopened)).toBeGreaterThan(second);
  });

  test("outlives more numbers than were reserved", async () => {
    const { storage, reopen } = database();
    const last = await storage.write(async (tx) => {
      let number = 0;
      for (let n = 0; n < 5_000; n++) number = tx.sql.nextNumber("general");
      tx.sql.run`INSERT INTO entries (key, value) VALUES (${"last"}, ${number})`;
      return number;
    });
    const reopened = await reopen();
    expect(await reopened.write(async (tx) => tx.sql.nextNumber("general"))).toBeGreaterThan(last);
  });
});
