import {
  ban,
  getEventContext,
  getOneRoomEvent,
  getRelatingEvents,
  getRelatingEventsWithRelType,
  getRelatingEventsWithRelTypeAndEventType,
  getRoomEvents,
  leaveRoom,
  redactEvent,
  sendMessage,
} from "@croft/api";
import type { EventId } from "@croft/protocol";
import { describe, expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { bodies, join, joined, roomOf, say, setState, syncOf } from "./talk.ts";

const forbidden = refusal(403, "M_FORBIDDEN");

onBothEngines((here) => {
  /** A room in which Alice has counted. */
  const counted = async (upTo: number) => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice);
    const eventIds: EventId[] = [];
    for (let number = 1; number <= upTo; number++) eventIds.push(await say(alice, roomId, `${number}`));
    return { alice, bob, roomId, saying: (number: number) => eventIds[number - 1] as EventId };
  };

  describe("messages", () => {
    test("come page by page, backwards to the room's beginning and forwards to its end", async () => {
      const { alice, roomId } = await counted(7);
      for (const dir of ["b", "f"] as const) {
        const said: unknown[] = [];
        let from: string | undefined;
        for (let pages = 0; pages < 20; pages++) {
          const query = { dir, limit: 3, ...(from === undefined ? {} : { from }) };
          const page = await alice.ok(getRoomEvents, { params: { roomId }, query });
          expect(page.chunk.length).toBeLessThanOrEqual(3);
          said.push(...bodies(page.chunk));
          from = page.end;
          if (from === undefined) break;
        }
        const all = ["1", "2", "3", "4", "5", "6", "7"];
        expect(said, dir).toEqual(dir === "f" ? all : all.reverse());
        expect(from, dir).toBeUndefined();
      }
    });

    test("go on from where a sync's timeline began", async () => {
      const { alice, roomId } = await counted(5);
      const filter = JSON.stringify({ room: { timeline: { limit: 2 } } });
      const { timeline } = joined(await syncOf(alice, { filter }), roomId);
      expect(bodies(timeline.events)).toEqual(["4", "5"]);
      const query = { dir: "b", from: timeline.prev_batch, limit: 3 } as const;
      const { chunk } = await alice.ok(getRoomEvents, { params: { roomId }, query });
      expect(bodies(chunk)).toEqual(["3", "2", "1"]);
    });

    test("between two syncs are had in both directions", async () => {
      const { alice, roomId } = await counted(1);
      const { next_batch: from } = await syncOf(alice);
      for (const body of ["2", "3"]) await say(alice, roomId, body);
      const { next_batch: to } = await syncOf(alice);
      await say(alice, roomId, "4");
      const params = { roomId };
      const forwards = await alice.ok(getRoomEvents, { params, query: { dir: "f", from, to } });
      expect(bodies(forwards.chunk)).toEqual(["2", "3"]);
      const backwards = await alice.ok(getRoomEvents, { params, query: { dir: "b", from: to, to: from } });
      expect(bodies(backwards.chunk)).toEqual(["3", "2"]);
    });

    test("can be filtered, and bring their senders' memberships when asked", async () => {
      const { alice, bob, roomId } = await counted(1);
      await join(bob, roomId);
      await say(bob, roomId, "two");
      const filter = JSON.stringify({ types: ["m.room.message"], senders: [bob.userId], lazy_load_members: true });
      const reply = await alice.ok(getRoomEvents, { params: { roomId }, query: { dir: "b", filter } });
      expect(bodies(reply.chunk)).toEqual(["two"]);
      expect(reply.state).toMatchObject([{ type: "m.room.member", state_key: bob.userId }]);
    });

    test("are not for who was never in the room", async () => {
      const { bob, roomId } = await counted(1);
      const params = { roomId };
      expect(await bob.call(getRoomEvents, { params, query: { dir: "b" } })).toMatchObject(forbidden);
    });

    test("end for who left where they left", async () => {
      const { alice, bob, roomId } = await counted(1);
      await join(bob, roomId);
      await say(alice, roomId, "before");
      await bob.ok(leaveRoom, { params: { roomId }, body: {} });
      await say(alice, roomId, "after");
      const { chunk } = await bob.ok(getRoomEvents, { params: { roomId }, query: { dir: "b", limit: 100 } });
      expect(bodies(chunk)).toEqual(["before", "1"]);
    });

    test.each([
      ["shared", ["after", "invited", "before"]],
      ["invited", ["after", "invited"]],
      ["joined", ["after"]],
      ["world_readable", ["after", "invited", "before"]],
    ])("history that is %s shows a new member as much as it says", async (visibility, seen) => {
      const [alice, bob] = await here.people("alice", "bob");
      const initial_state = [{ type: "m.room.history_visibility", content: { history_visibility: visibility } }];
      const roomId = await roomOf(alice, [], { initial_state });
      await say(alice, roomId, "before");
      await setState(alice, roomId, "m.room.member", { membership: "invite" }, bob.userId);
      await say(alice, roomId, "invited");
      await join(bob, roomId);
      await say(alice, roomId, "after");
      const { chunk } = await bob.ok(getRoomEvents, { params: { roomId }, query: { dir: "b", limit: 100 } });
      expect(bodies(chunk)).toEqual(seen);
    });

    test("a room that the world may read is read by who is not in it", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const initial_state = [{ type: "m.room.history_visibility", content: { history_visibility: "world_readable" } }];
      const roomId = await roomOf(alice, [], { initial_state });
      await say(alice, roomId, "hello world");
      const { chunk } = await bob.ok(getRoomEvents, { params: { roomId }, query: { dir: "b" } });
      expect(bodies(chunk)).toEqual(["hello world"]);
    });
  });

  describe("one event", () => {
    test("is found by its id, with what the reader's membership was", async () => {
      const { alice, roomId, saying } = await counted(1);
      const eventId = saying(1);
      here.server.clock.advance(5);
      const event = await alice.ok(getOneRoomEvent, { params: { roomId, eventId } });
      expect(event).toMatchObject({
        event_id: eventId,
        type: "m.room.message",
        content: { msgtype: "m.text", body: "1" },
        sender: alice.userId,
        room_id: roomId,
        origin_server_ts: here.server.clock.now() - 5,
        unsigned: { age: 5, membership: "join" },
      });
    });

    test("is not there for who may not see it", async () => {
      const { bob, roomId, saying } = await counted(1);
      const eventId = saying(1);
      expect(await bob.call(getOneRoomEvent, { params: { roomId, eventId } })).toMatchObject({
        body: { errcode: expect.stringMatching(/^M_(NOT_FOUND|FORBIDDEN)$/) },
      });
    });
  });

  describe("context", () => {
    test("is what was said before and after, and the state at the end", async () => {
      const { alice, roomId, saying } = await counted(5);
      const params = { roomId, eventId: saying(3) };
      const reply = await alice.ok(getEventContext, { params, query: { limit: 2 } });
      expect(bodies([reply.event ?? {}])).toEqual(["3"]);
      expect(bodies(reply.events_before ?? [])).toEqual(["2"]);
      expect(bodies(reply.events_after ?? [])).toEqual(["4"]);
      expect(reply.state?.map(({ type }) => type)).toContain("m.room.create");
      const before = await alice.ok(getRoomEvents, {
        params: { roomId },
        query: { dir: "b", from: reply.start ?? "", limit: 1 },
      });
      expect(bodies(before.chunk)).toEqual(["1"]);
      const after = await alice.ok(getRoomEvents, { params: { roomId }, query: { dir: "f", from: reply.end ?? "" } });
      expect(bodies(after.chunk)).toEqual(["5"]);
    });

    test("of an event that is not there is not found", async () => {
      const { alice, roomId } = await counted(1);
      const params = { roomId, eventId: "$nothing" as const };
      expect(await alice.call(getEventContext, { params })).toMatchObject(refusal(404, "M_NOT_FOUND"));
    });
  });

  describe("relations", () => {
    const relating = async () => {
      const { alice, bob, roomId, saying } = await counted(1);
      await join(bob, roomId);
      const eventId = saying(1);
      const threadRelation = { "m.relates_to": { rel_type: "m.thread", event_id: eventId } };
      const inThread = await say(bob, roomId, "in a thread", threadRelation);
      const params = { roomId, eventType: "m.reaction", txnId: "react" };
      const body = { "m.relates_to": { rel_type: "m.annotation", event_id: eventId, key: "👍" } };
      const { event_id: reaction } = await bob.ok(sendMessage, { params, body });
      return {
        alice,
        bob,
        roomId,
        eventId,
        inThread,
        reaction,
        reactAgain: { params: { ...params, txnId: "2" }, body },
      };
    };

    test("are listed newest first, all or by relation and type", async () => {
      const { alice, roomId, eventId, inThread, reaction } = await relating();
      const ids = ({ chunk }: { chunk: readonly { [key: string]: unknown }[] }) =>
        chunk.map(({ event_id }) => event_id);
      const params = { roomId, eventId };
      expect(ids(await alice.ok(getRelatingEvents, { params }))).toEqual([reaction, inThread]);
      expect(ids(await alice.ok(getRelatingEvents, { params, query: { dir: "f" } }))).toEqual([inThread, reaction]);
      const thread = { ...params, relType: "m.thread" };
      expect(ids(await alice.ok(getRelatingEventsWithRelType, { params: thread }))).toEqual([inThread]);
      const typed = { ...thread, eventType: "m.reaction" };
      expect(ids(await alice.ok(getRelatingEventsWithRelTypeAndEventType, { params: typed }))).toEqual([]);
    });

    test("come page by page", async () => {
      const { alice, roomId, eventId } = await relating();
      const params = { roomId, eventId };
      const first = await alice.ok(getRelatingEvents, { params, query: { limit: 1 } });
      const second = await alice.ok(getRelatingEvents, { params, query: { limit: 1, from: first.next_batch ?? "" } });
      expect([...first.chunk, ...second.chunk].map(({ type }) => type)).toEqual(["m.reaction", "m.room.message"]);
      expect(second.next_batch).toBeUndefined();
    });

    test("a reaction counts once, and is gone when it is redacted", async () => {
      const { alice, bob, roomId, eventId, reaction, inThread, reactAgain } = await relating();
      expect(await bob.call(sendMessage, reactAgain)).toMatchObject(refusal(400, "M_DUPLICATE_ANNOTATION"));
      await bob.ok(redactEvent, { params: { roomId, eventId: reaction, txnId: "r" }, body: {} });
      const { chunk } = await alice.ok(getRelatingEvents, { params: { roomId, eventId } });
      expect(chunk.map(({ event_id }) => event_id)).toEqual([inThread]);
      await bob.ok(sendMessage, reactAgain);
    });
  });

  test("who was banned sees what was said until then", async () => {
    const { alice, bob, roomId } = await counted(1);
    await join(bob, roomId);
    await alice.ok(ban, { params: { roomId }, body: { user_id: bob.userId } });
    await say(alice, roomId, "he is gone");
    const { chunk } = await bob.ok(getRoomEvents, { params: { roomId }, query: { dir: "b" } });
    expect(bodies(chunk)).toEqual(["1"]);
  });
});
