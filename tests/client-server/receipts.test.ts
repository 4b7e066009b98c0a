import { getAccountDataPerRoom, postReceipt, setReadMarker, setTyping } from "@croft/api";
import { describe, expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { joined, roomOf, say, syncOf } from "./talk.ts";

onBothEngines((here) => {
  const saidSomething = async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice, [bob]);
    const eventId = await say(alice, roomId, "hello");
    const { next_batch: since } = await syncOf(alice);
    const receipt = (receiptType: "m.read" | "m.read.private" | "m.fully_read") => ({ roomId, receiptType, eventId });
    return { alice, bob, roomId, eventId, since, receipt };
  };

  describe("receipts", () => {
    test("everyone in the room sees who read how far", async () => {
      const { alice, bob, roomId, eventId, since, receipt } = await saidSomething();
      await bob.ok(postReceipt, { params: receipt("m.read"), body: {} });
      const { ephemeral } = joined(await syncOf(alice, { since }), roomId);
      const read = { [bob.userId]: { ts: here.server.clock.now() } };
      expect(ephemeral.events).toEqual([{ type: "m.receipt", content: { [eventId]: { "m.read": read } } }]);
    });

    test("a private one is seen by its user alone", async () => {
      const { alice, bob, roomId, eventId, since, receipt } = await saidSomething();
      await bob.ok(postReceipt, { params: receipt("m.read.private"), body: {} });
      expect(await syncOf(alice, { since })).not.toHaveProperty("rooms");
      const { ephemeral } = joined(await syncOf(bob), roomId);
      expect(ephemeral.events).toMatchObject([{ content: { [eventId]: { "m.read.private": { [bob.userId]: {} } } } }]);
    });

    test("one for a thread says which", async () => {
      const { alice, bob, roomId, eventId, since } = await saidSomething();
      const reply = await say(alice, roomId, "more", { "m.relates_to": { rel_type: "m.thread", event_id: eventId } });
      const params = { roomId, receiptType: "m.read", eventId: reply } as const;
      await bob.ok(postReceipt, { params, body: { thread_id: eventId } });
      const { ephemeral } = joined(await syncOf(alice, { since }), roomId);
      const read = { [bob.userId]: { thread_id: eventId } };
      expect(ephemeral.events).toMatchObject([{ content: { [reply]: { "m.read": read } } }]);
    });

    test("are refused for threads that cannot be and rooms the user is not in", async () => {
      const { bob, receipt } = await saidSomething();
      const [carol] = await here.people("carol");
      const params = receipt("m.read");
      const wrongThread = await bob.call(postReceipt, { params, body: { thread_id: 7 } });
      expect(wrongThread).toMatchObject(refusal(400, "M_INVALID_PARAM"));
      const fully = await bob.call(postReceipt, { params: receipt("m.fully_read"), body: { thread_id: "main" } });
      expect(fully).toMatchObject(refusal(400, "M_INVALID_PARAM"));
      expect(await carol.call(postReceipt, { params, body: {} })).toMatchObject(refusal(403, "M_FORBIDDEN"));
    });
  });

  describe("read markers", () => {
    test("are set together, and the place to read on is account data", async () => {
      const { alice, bob, roomId, eventId, since } = await saidSomething();
      await bob.ok(setReadMarker, { params: { roomId }, body: { "m.fully_read": eventId, "m.read": eventId } });
      const params = { userId: bob.userId, roomId, type: "m.fully_read" };
      expect(await bob.ok(getAccountDataPerRoom, { params })).toEqual({ event_id: eventId });
      const { account_data } = joined(await syncOf(bob), roomId);
      expect(account_data.events).toContainEqual({ type: "m.fully_read", content: { event_id: eventId } });
      const { ephemeral } = joined(await syncOf(alice, { since }), roomId);
      expect(ephemeral.events).toMatchObject([{ type: "m.receipt" }]);
    });

    test("the place to read on can be set alone", async () => {
      const { bob, roomId, eventId, receipt } = await saidSomething();
      await bob.ok(postReceipt, { params: receipt("m.fully_read"), body: {} });
      const params = { userId: bob.userId, roomId, type: "m.fully_read" };
      expect(await bob.ok(getAccountDataPerRoom, { params })).toEqual({ event_id: eventId });
    });
  });

  describe("typing", () => {
    test("is seen by who waits, until it ends or its time is up", async () => {
      const { alice, bob, roomId, since } = await saidSomething();
      const params = { roomId, userId: bob.userId };
      const typingSince = async (token: string) => {
        const reply = await syncOf(alice, { since: token, timeout: 20_000 });
        return { since: reply.next_batch, events: joined(reply, roomId).ephemeral.events };
      };
      const waiting = typingSince(since);
      await bob.ok(setTyping, { params, body: { typing: true, timeout: 5_000 } });
      const first = await waiting;
      expect(first.events).toEqual([{ type: "m.typing", content: { user_ids: [bob.userId] } }]);
      here.server.clock.advance(5_000);
      const second = await typingSince(first.since);
      expect(second.events).toEqual([{ type: "m.typing", content: { user_ids: [] } }]);
      await bob.ok(setTyping, { params, body: { typing: true } });
      const third = await typingSince(second.since);
      await bob.ok(setTyping, { params, body: { typing: false } });
      expect((await typingSince(third.since)).events).toMatchObject([{ content: { user_ids: [] } }]);
    });

    test("is one's own to say, and in one's own rooms", async () => {
      const { alice, bob, roomId } = await saidSomething();
      const [carol] = await here.people("carol");
      const type = (user: typeof alice, { userId }: typeof alice) =>
        user.call(setTyping, { params: { roomId, userId }, body: { typing: true, timeout: 1_000 } });
      expect(await type(bob, alice)).toMatchObject(refusal(403, "M_FORBIDDEN"));
      expect(await type(carol, carol)).toMatchObject(refusal(403, "M_FORBIDDEN"));
    });
  });
});
