import type { UserId } from "@croft/protocol";
import { SyncScene } from "@croft/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const ALICE = "@alice:here";
const BOB = "@bob:here";
const CAROL = "@carol:here";

let scene: SyncScene;
let roomId: `!${string}`;
beforeEach(async () => {
  scene = await SyncScene.open();
  roomId = await scene.room(ALICE);
  await scene.join(BOB, roomId);
});
afterEach(() => scene[Symbol.asyncDispose]());

async function wait(userId: UserId, asked: { timeout?: number; deviceId?: string; filter?: string } = {}) {
  const { next_batch: since } = await scene.ask(userId, asked);
  return scene.poll(userId, { ...asked, since });
}

const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

const queries = () => scene.rooms.storage.metrics().queries;

describe("a waiting sync is answered", () => {
  test("by an event in one of the user's rooms, while others wait on", async () => {
    const [bob, carol] = [await wait(BOB), await wait(CAROL)];
    await scene.say(ALICE, roomId, "hello");
    expect((await bob.reply).rooms?.join?.[roomId]?.timeline.events).toHaveLength(1);
    await settle();
    expect(carol.isAnswered()).toBe(false);
  });

  test("by an invite, by typing, by account data, by a message to the device", async () => {
    const invited = await wait(CAROL);
    await scene.member(ALICE, CAROL, roomId, "invite");
    expect((await invited.reply).rooms?.invite).toBeDefined();

    const typing = await wait(BOB);
    scene.typing.start(roomId, ALICE, 5000);
    expect((await typing.reply).rooms?.join?.[roomId]?.ephemeral.events).toHaveLength(1);

    const data = await wait(BOB);
    await scene.accountData(BOB, "com.example", {});
    expect((await data.reply).account_data?.events).toHaveLength(1);

    const [mine, other] = [await wait(BOB), await wait(BOB, { deviceId: "OTHER" })];
    await scene.rooms.storage.write(async (tx) => {
      tx.devices.ensure({ userId: BOB, deviceId: "OTHER", displayName: undefined, createdTs: 0 });
      tx.toDevice.add(BOB, "OTHER", `{"type":"m.test"}`);
    });
    expect((await other.reply).to_device?.events).toHaveLength(1);
    await settle();
    expect(mine.isAnswered()).toBe(false);
  });

  test("by the first event of a room the user has just joined", async () => {
    const carol = await wait(CAROL);
    await scene.join(CAROL, roomId);
    const { next_batch: since } = await carol.reply;
    const again = await scene.poll(CAROL, { since });
    await scene.say(ALICE, roomId, "welcome");
    expect((await again.reply).rooms?.join?.[roomId]?.timeline.events).toHaveLength(1);
  });

  test("not by what its filter leaves out", async () => {
    const filter = JSON.stringify({ room: { not_rooms: [roomId] } });
    const bob = await wait(BOB, { filter });
    await scene.say(ALICE, roomId, "unwanted");
    await settle();
    expect(bob.isAnswered()).toBe(false);
    await scene.accountData(BOB, "com.example", {});
    expect((await bob.reply).account_data?.events).toHaveLength(1);
  });

  test("not at once on a server where nothing has ever happened", async () => {
    await using empty = await SyncScene.open();
    const { next_batch: since } = await empty.ask(CAROL);
    const poll = await empty.poll(CAROL, { since });
    expect(poll.isAnswered()).toBe(false);
  });

  test("empty, when its time is over", async () => {
    const bob = await wait(BOB, { timeout: 10_000 });
    scene.rooms.clock.advance(9000);
    await settle();
    expect(bob.isAnswered()).toBe(false);
    scene.rooms.clock.advance(1250);
    expect((await bob.reply).rooms).toBeUndefined();
  });

  test("at once when the caller leaves or the server stops, and nothing is left of it", async () => {
    const [left, stopped] = [await wait(BOB), await wait(CAROL)];
    left.abort();
    await left.reply;
    expect(scene.sync.notifier.waiting).toBe(1);
    scene.sync[Symbol.dispose]();
    await stopped.reply;
    expect(scene.sync.notifier.waiting).toBe(0);
  });
});

test("a message to one device wakes no other device of the user", async () => {
  await scene.ask(BOB);
  const woken: string[] = [];
  const { signal } = new AbortController();
  const now = { position: scene.rooms.storage.position(), typing: scene.typing.serial };
  const until = scene.rooms.clock.monotonic() + 1000;
  for (const deviceId of ["MINE", "OTHER"]) {
    const end = scene.sync.notifier.wait({ userId: BOB, deviceId, ...now, until, signal });
    void end.then(() => woken.push(deviceId));
  }
  await scene.rooms.storage.write(async (tx) => tx.toDevice.add(BOB, "OTHER", `{"type":"m.test"}`));
  await settle();
  expect(woken).toEqual(["OTHER"]);
});

describe("what was committed while the answer was made", () => {
  test("is not waited with", async () => {
    const { next_batch: since } = await scene.ask(BOB);
    const { position, typing } = { position: scene.rooms.storage.position(), typing: scene.typing.serial };
    await scene.say(ALICE, roomId, "meanwhile");
    const { signal } = new AbortController();
    const until = scene.rooms.clock.monotonic() + 1000;
    const waiting = { userId: BOB, deviceId: "D", position, typing, until, signal } as const;
    expect(await scene.sync.notifier.wait(waiting)).toBe("changed");
    expect((await scene.ask(BOB, { since })).rooms?.join?.[roomId]).toBeDefined();
  });
});

describe("what waiting costs", () => {
  test("10 000 waiting requests ask the store nothing, and one timer ends them all", async () => {
    const { signal } = new AbortController();
    const { notifier } = scene.sync;
    await scene.ask(BOB);
    const before = queries();
    const until = scene.rooms.clock.monotonic() + 30_000;
    const position = scene.rooms.storage.position();
    let timers = 0;
    const { after } = scene.rooms.clock;
    scene.rooms.clock.after = (...args) => {
      timers++;
      return after.apply(scene.rooms.clock, args);
    };
    const ends = Array.from({ length: 10_000 }, (_, index) =>
      notifier.wait({ userId: BOB, deviceId: `D${index}`, position, typing: scene.typing.serial, until, signal }),
    );
    expect(notifier.waiting).toBe(10_000);
    expect(timers).toBe(1);
    scene.rooms.clock.advance(30_250);
    expect(new Set(await Promise.all(ends))).toEqual(new Set(["over"]));
    expect(queries() - before).toBe(0);
    expect(notifier.waiting).toBe(0);
  });

  test("events of a room wake nobody who is not in it, and cost them no query", async () => {
    const carol = await wait(CAROL);
    const elsewhere = await scene.room(ALICE);
    await settle();
    const before = queries();
    scene.typing.start(elsewhere, ALICE, 1000);
    scene.typing.start(roomId, ALICE, 1000);
    await settle();
    expect(queries() - before).toBe(0);
    expect(carol.isAnswered()).toBe(false);
  });

  test("a sync with nothing new asks as little in a thousand rooms as in one", async () => {
    const count = async (since: string) => {
      const before = queries();
      expect((await scene.ask(ALICE, { since })).rooms).toBeUndefined();
      return queries() - before;
    };
    const one = await count((await scene.ask(ALICE)).next_batch);
    for (let chunk = 0; chunk < 20; chunk++) {
      await Promise.all(Array.from({ length: 50 }, () => scene.room(ALICE)));
    }
    const thousand = await count((await scene.ask(ALICE)).next_batch);
    expect(thousand).toBeLessThanOrEqual(10);
    expect(thousand).toBe(one);
  });

  test("one busy room of a thousand costs what one room costs", async () => {
    const count = async () => {
      const { next_batch: since } = await scene.ask(ALICE);
      await scene.say(BOB, roomId, "hello");
      const before = queries();
      expect(Object.keys((await scene.ask(ALICE, { since })).rooms?.join ?? {})).toEqual([roomId]);
      return queries() - before;
    };
    const few = await count();
    await Promise.all(Array.from({ length: 100 }, () => scene.room(ALICE)));
    expect(await count()).toBeLessThanOrEqual(few);
  });
});
