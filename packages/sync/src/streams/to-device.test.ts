import { MAX_TO_DEVICE_PER_SYNC } from "@croft/protocol";
import { SyncScene } from "@croft/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";

const ALICE = "@alice:here";

let scene: SyncScene;
beforeEach(async () => {
  scene = await SyncScene.open();
  const device = { userId: ALICE, deviceId: "DEVICE", displayName: undefined, createdTs: 0 } as const;
  await scene.rooms.storage.write(async (tx) => tx.devices.ensure(device));
});
afterEach(() => scene[Symbol.asyncDispose]());

async function send(...numbers: number[]) {
  await scene.rooms.storage.write(async (tx) => {
    for (const number of numbers) {
      tx.toDevice.add(ALICE, "DEVICE", `{"type":"m.test","sender":"@bob:here","content":{"number":${number}}}`);
    }
  });
}

async function receive(since?: string) {
  const { next_batch, to_device } = await scene.ask(ALICE, since === undefined ? {} : { since });
  return { numbers: to_device?.events.map(({ content }) => content["number"]), next: next_batch };
}

const waiting = async () =>
  (
    await scene.rooms.storage.read.toDevice.forDevice({
      userId: ALICE,
      deviceId: "DEVICE",
      after: 0,
      upTo: scene.rooms.storage.position(),
      limit: 1000,
    })
  ).length;

test("messages come once, in the order of arrival, and are forgotten when the next token is presented", async () => {
  await send(1, 2);
  const first = await receive();
  expect(first.numbers).toEqual([1, 2]);
  await send(3);
  expect(await waiting()).toBe(3);
  const second = await receive(first.next);
  expect(second.numbers).toEqual([3]);
  expect(await waiting()).toBe(1);
  expect((await receive(second.next)).numbers).toBeUndefined();
  expect(await waiting()).toBe(0);
});

test("a token presented again brings its messages again, also after a restart", async () => {
  const { next: since } = await receive();
  await send(1);
  expect((await receive(since)).numbers).toEqual([1]);
  scene.restartSync();
  await send(2);
  expect((await receive(since)).numbers).toEqual([1, 2]);
});

test("more than fit are told in several syncs, without a gap and without waiting", async () => {
  const { next: since } = await receive();
  const all = Array.from({ length: MAX_TO_DEVICE_PER_SYNC * 2 + 1 }, (_, index) => index);
  await send(...all);
  await scene.room(ALICE);
  const first = await receive(since);
  expect(first.numbers).toEqual(all.slice(0, MAX_TO_DEVICE_PER_SYNC));
  const again = await receive(since);
  expect(again.numbers).toEqual(first.numbers);
  const second = await scene.poll(ALICE, { since: first.next });
  expect(second.isAnswered()).toBe(true);
  const third = await receive((await second.reply).next_batch);
  expect(third.numbers).toEqual([MAX_TO_DEVICE_PER_SYNC * 2]);
  expect((await receive(third.next)).numbers).toBeUndefined();
});

test("another device of the user gets none of it", async () => {
  await send(1);
  expect((await scene.ask(ALICE, { deviceId: "OTHER" })).to_device).toBeUndefined();
});
