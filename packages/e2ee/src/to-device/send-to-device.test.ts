import * as api from "@croft/api";
import type { UserId } from "@croft/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDevice, type TestE2ee, testE2ee } from "../test-e2ee.ts";
import { acknowledgeToDevice } from "./acknowledge-to-device.ts";
import { forgetTransactions } from "./forget-transactions.ts";

let e2ee: TestE2ee;
let alice: TestDevice;
let bob: TestDevice;

beforeEach(async () => {
  e2ee = await testE2ee();
  alice = await e2ee.login("alice", "PHONE");
  bob = await e2ee.login("bob", "LAPTOP");
});
afterEach(() => e2ee[Symbol.asyncDispose]());

type Messages = api.BodyOf<typeof api.sendToDevice>["messages"];
const send = (device: TestDevice, txnId: string, messages: Messages, eventType = "m.test") =>
  device.call(api.sendToDevice, { params: { eventType, txnId }, body: { messages } });
const waiting = ({ userId, deviceId }: Pick<TestDevice, "userId" | "deviceId">) =>
  e2ee.rooms.storage.read.toDevice.forDevice({ userId, deviceId, after: 0, upTo: 1e9, limit: 100 });
const received = async (device: Pick<TestDevice, "userId" | "deviceId">) =>
  (await waiting(device)).map(({ event }) => JSON.parse(event));

test("a message reaches its device with its sender and type, and no other device", async () => {
  const tablet = await e2ee.login("bob", "TABLET");
  expect(await send(alice, "1", { [bob.userId]: { LAPTOP: { n: 1 } } })).toMatchObject({ status: 200, body: {} });
  expect(await received(bob)).toEqual([{ content: { n: 1 }, sender: alice.userId, type: "m.test" }]);
  expect(await received(tablet)).toEqual([]);
});

test("a message for * reaches every device of the user, the sending one included", async () => {
  const tablet = await e2ee.login("alice", "TABLET");
  await send(alice, "1", { [alice.userId]: { "*": { n: 1 } } });
  for (const device of [alice, tablet]) expect(await received(device)).toMatchObject([{ content: { n: 1 } }]);
});

test("unknown users and devices are passed over", async () => {
  const messages = { [bob.userId]: { UNKNOWN: {}, LAPTOP: { n: 1 } }, "@nobody:here": { "*": {} } };
  expect((await send(alice, "1", messages)).status).toBe(200);
  expect(await received(bob)).toHaveLength(1);
  expect(await received({ userId: bob.userId, deviceId: "UNKNOWN" })).toEqual([]);
});

test("a repeated request sends nothing again, even when both are under way at once", async () => {
  await Promise.all([1, 2, 3].map(() => send(alice, "1", { [bob.userId]: { LAPTOP: { n: 1 } } })));
  expect((await send(alice, "1", { [bob.userId]: { LAPTOP: { n: 1 } } })).status).toBe(200);
  expect(await received(bob)).toHaveLength(1);
  await send(alice, "2", { [bob.userId]: { LAPTOP: { n: 2 } } });
  await send(alice, "1", { [bob.userId]: { LAPTOP: { n: 3 } } }, "m.other");
  await send(await e2ee.login("alice", "TABLET"), "1", { [bob.userId]: { LAPTOP: { n: 4 } } });
  expect((await received(bob)).map(({ content }) => content.n)).toEqual([1, 2, 3, 4]);
});

test("transactions are forgotten after a day", async () => {
  const { storage, clock } = e2ee.rooms;
  await send(alice, "1", { [bob.userId]: { LAPTOP: {} } });
  clock.advance(23 * 3_600_000);
  await forgetTransactions({ storage, clock });
  await send(alice, "1", { [bob.userId]: { LAPTOP: {} } });
  expect(await received(bob)).toHaveLength(1);
  clock.advance(2 * 3_600_000);
  await forgetTransactions({ storage, clock });
  await send(alice, "1", { [bob.userId]: { LAPTOP: {} } });
  expect(await received(bob)).toHaveLength(2);
});

test("what a device has acknowledged is gone, and what came later waits", async () => {
  const { storage } = e2ee.rooms;
  await send(alice, "1", { [bob.userId]: { LAPTOP: { n: 1 } } });
  const upTo = storage.position();
  await send(alice, "2", { [bob.userId]: { LAPTOP: { n: 2 } } });
  await acknowledgeToDevice({ storage }, { userId: bob.userId, deviceId: "LAPTOP", upTo });
  expect((await received(bob)).map(({ content }) => content.n)).toEqual([2]);
});

test("an acknowledgement of nothing writes nothing", async () => {
  const { storage } = e2ee.rooms;
  const before = storage.metrics().written;
  await acknowledgeToDevice({ storage }, { userId: bob.userId, deviceId: "LAPTOP", upTo: storage.position() });
  expect(storage.metrics().written).toBe(before);
});

test("a message larger than an event may be is refused, and none of the request is sent", async () => {
  const messages = { [bob.userId]: { LAPTOP: { big: "x".repeat(65_536) } }, [alice.userId]: { PHONE: {} } };
  expect(await send(alice, "1", messages)).toMatchObject({ status: 413, body: { errcode: "M_TOO_LARGE" } });
  expect(await received(alice)).toEqual([]);
});

test("a message to a great many devices at once is refused if all together it is larger than any room's keys", async () => {
  const { storage } = e2ee.rooms;
  await storage.write(async (tx) => {
    for (let at = 0; at < 400; at++) {
      tx.devices.ensure({ userId: bob.userId, deviceId: `D${at}`, displayName: undefined, createdTs: 0 });
    }
  });
  const toAll = (letters: number) => ({ [bob.userId]: { "*": { text: "x".repeat(letters) } } });
  const refused = { status: 413, body: { errcode: "M_TOO_LARGE" } };
  expect(await send(alice, "1", toAll(60_000))).toMatchObject(refused);
  expect(await received(bob)).toEqual([]);
  expect((await send(alice, "1", toAll(6_000))).status).toBe(200);
  expect(await received(bob)).toHaveLength(1);
});

test("what is no user id is refused", async () => {
  expect(await send(alice, "1", { bob: { LAPTOP: {} } })).toMatchObject({
    status: 400,
    body: { errcode: "M_INVALID_PARAM" },
  });
});

test("what is for users of other servers is collected once, in the same write", async () => {
  const collected: unknown[] = [];
  const x: UserId = "@x:away";
  await using other = await testE2ee({ remoteToDevice: { collect: (_, message) => void collected.push(message) } });
  const device = await other.login("alice", "PHONE");
  for (const _ of [1, 2]) {
    await device.call(api.sendToDevice, {
      params: { eventType: "m.test", txnId: "1" },
      body: { messages: { [x]: { X: { n: 1 } }, [device.userId]: { PHONE: {} } } },
    });
  }
  expect(collected).toEqual([{ sender: device.userId, type: "m.test", messages: new Map([[x, { X: { n: 1 } }]]) }]);
});
