import { redactEvent, sendMessage, sendToDevice } from "@croft/api";
import { expect, test } from "vitest";
import type { TestUser } from "../../packages/testkit/src/test-homeserver.ts";
import { onBothEngines } from "./on-both-engines.ts";
import { roomOf, say, syncOf } from "./talk.ts";

onBothEngines((here) => {
  test("messages reach one device or all of a user's, once for each transaction", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const phone = await here.server.login(bob.name);
    const send = (txnId: string, deviceId: string) =>
      alice.ok(sendToDevice, {
        params: { eventType: "org.croft.knock", txnId },
        body: { messages: { [bob.userId]: { [deviceId]: { txnId } } } },
      });
    await send("1", phone.deviceId);
    await send("1", phone.deviceId);
    await send("2", "*");
    const received = async (device: TestUser) =>
      (await syncOf(device)).to_device?.events.map(({ content }) => content["txnId"]);
    expect(await received(phone)).toEqual(["1", "2"]);
    expect(await received(bob)).toEqual(["2"]);
  });

  test("messages come until they were received, and then never again", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const { next_batch: since } = await syncOf(bob);
    const messages = { [bob.userId]: { [bob.deviceId]: { knock: 1 } } };
    await alice.ok(sendToDevice, { params: { eventType: "org.croft.knock", txnId: "1" }, body: { messages } });
    const knock = { type: "org.croft.knock", sender: alice.userId, content: { knock: 1 } };
    expect((await syncOf(bob, { since })).to_device?.events).toEqual([knock]);
    const again = await syncOf(bob, { since });
    expect(again.to_device?.events).toEqual([knock]);
    expect((await syncOf(bob, { since: again.next_batch })).to_device?.events ?? []).toEqual([]);
  });

  test("a transaction id is at most 255 letters long, of whatever script", async () => {
    const [alice] = await here.people("alice");
    const roomId = await roomOf(alice);
    const eventId = await say(alice, roomId, "hello");
    // As many different ones as there are: a database that compresses what is the same gets no help.
    const letters = (count: number) =>
      String.fromCodePoint(...Array.from({ length: count }, (_, at) => 0x4e00 + at * 61));
    const send = async (txnId: string) => {
      const eventType = "m.room.message";
      const replies = [
        await alice.call(sendToDevice, { params: { eventType, txnId }, body: { messages: {} } }),
        await alice.call(sendMessage, { params: { roomId, eventType, txnId }, body: {} }),
        await alice.call(redactEvent, { params: { roomId, eventId, txnId }, body: {} }),
      ];
      return replies.map(({ status }) => status);
    };
    expect(await send(letters(255))).toEqual([200, 200, 200]);
    expect(await send(letters(256))).toEqual([400, 400, 400]);
  });
});
