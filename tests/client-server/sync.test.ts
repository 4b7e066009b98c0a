import { defineFilter, inviteUser, leaveRoom, setAccountData, setAccountDataPerRoom, sync } from "@croft/api";
import { describe, expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { bodies, join, joined, roomOf, say, setState, syncOf } from "./talk.ts";

onBothEngines((here) => {
  describe("the first sync", () => {
    test("shows every room the user is in, with its state, its latest events and who is there", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const kitchen = await roomOf(alice, [bob], { name: "Kitchen" });
      const cellar = await roomOf(alice);
      await say(bob, kitchen, "hello");
      const reply = await syncOf(alice);
      expect(Object.keys(reply.rooms?.join ?? {}).sort()).toEqual([kitchen, cellar].sort());
      const room = joined(reply, kitchen);
      expect(bodies(room.timeline.events)).toEqual(["hello"]);
      expect(room).toMatchObject({
        timeline: { limited: expect.any(Boolean), prev_batch: expect.any(String) },
        summary: { "m.joined_member_count": 2, "m.invited_member_count": 0 },
        unread_notifications: { highlight_count: 0, notification_count: 1 },
      });
      const all = [...room.state.events, ...room.timeline.events];
      expect(all.map(({ type }) => type)).toEqual(expect.arrayContaining(["m.room.create", "m.room.name"]));
      for (const event of all) expect(event).not.toHaveProperty("room_id");
    });

    test("brings account data, push rules among it, and what keys the device has left", async () => {
      const [alice] = await here.people("alice");
      const params = { userId: alice.userId, type: "org.croft.test" };
      await alice.ok(setAccountData, { params, body: { set: true } });
      const reply = await syncOf(alice);
      expect(reply.account_data?.events).toEqual(
        expect.arrayContaining([
          { type: "org.croft.test", content: { set: true } },
          { type: "m.push_rules", content: { global: expect.any(Object) } },
        ]),
      );
      expect(reply.device_unused_fallback_key_types).toEqual([]);
      expect(reply.device_one_time_keys_count).toEqual({ signed_curve25519: 0 });
    });

    test("of a room whose members nobody asked for brings only those who spoke", async () => {
      const [alice, bob, carol] = await here.people("alice", "bob", "carol");
      const roomId = await roomOf(alice, [bob, carol], { name: "Kitchen" });
      await say(bob, roomId, "hello");
      const filter = JSON.stringify({ room: { timeline: { limit: 1 }, state: { lazy_load_members: true } } });
      const { state } = joined(await syncOf(alice, { filter }), roomId);
      const members = state.events.filter(({ type }) => type === "m.room.member").map(({ state_key }) => state_key);
      expect(members.sort()).toEqual([alice.userId, bob.userId].sort());
    });
  });

  test("a room without a name is told by who is in it", async () => {
    const [alice, bob, carol] = await here.people("alice", "bob", "carol");
    const roomId = await roomOf(alice, [bob], { invite: [carol.userId] });
    const { summary } = joined(await syncOf(alice), roomId);
    expect(summary).toMatchObject({ "m.joined_member_count": 2, "m.invited_member_count": 1 });
    expect(summary["m.heroes"]).toHaveLength(2);
    expect(summary["m.heroes"]).toEqual(expect.arrayContaining([bob.userId, carol.userId]));
  });

  describe("the next sync", () => {
    test("brings what is new and nothing else", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob]);
      await say(bob, roomId, "before");
      const { next_batch: since } = await syncOf(alice);
      await say(bob, roomId, "after");
      const reply = await syncOf(alice, { since });
      const { timeline, state } = joined(reply, roomId);
      expect({ said: bodies(timeline.events), limited: timeline.limited }).toEqual({ said: ["after"], limited: false });
      expect(state.events).toEqual([]);
      expect(await syncOf(alice, { since: reply.next_batch })).not.toHaveProperty("rooms");
    });

    test("can be asked again, and answers the same", async () => {
      const [alice] = await here.people("alice");
      const roomId = await roomOf(alice);
      const { next_batch: since } = await syncOf(alice);
      await say(alice, roomId, "once");
      const seen = async () => bodies(joined(await syncOf(alice, { since }), roomId).timeline.events);
      expect([await seen(), await seen()]).toEqual([["once"], ["once"]]);
    });

    test("says that it left out events, and brings the state that changed among them", async () => {
      const [alice] = await here.people("alice");
      const roomId = await roomOf(alice);
      const { next_batch: since } = await syncOf(alice);
      await setState(alice, roomId, "m.room.name", { name: "New" });
      for (const body of ["1", "2", "3"]) await say(alice, roomId, body);
      const filter = JSON.stringify({ room: { timeline: { limit: 2 } } });
      const { timeline, state } = joined(await syncOf(alice, { since, filter }), roomId);
      expect({ said: bodies(timeline.events), limited: timeline.limited }).toEqual({ said: ["2", "3"], limited: true });
      expect(state.events).toMatchObject([{ type: "m.room.name", content: { name: "New" } }]);
    });

    test("brings a sender's membership with the first thing they say, and not again", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob], { name: "Kitchen" });
      await say(alice, roomId, "hello");
      const filter = JSON.stringify({ room: { timeline: { limit: 1 }, state: { lazy_load_members: true } } });
      const { next_batch: since } = await syncOf(alice, { filter });
      await say(bob, roomId, "hello");
      const first = await syncOf(alice, { filter, since });
      expect(joined(first, roomId).state.events).toMatchObject([{ type: "m.room.member", state_key: bob.userId }]);
      await say(bob, roomId, "again");
      const second = await syncOf(alice, { filter, since: first.next_batch });
      expect(joined(second, roomId).state.events).toEqual([]);
    });

    test("says of new state what it replaces", async () => {
      const [alice] = await here.people("alice");
      const roomId = await roomOf(alice, [], { name: "Old" });
      const { next_batch: since } = await syncOf(alice);
      await setState(alice, roomId, "m.room.name", { name: "New" });
      expect(joined(await syncOf(alice, { since }), roomId).timeline.events).toMatchObject([
        { unsigned: { prev_content: { name: "Old" }, replaces_state: expect.stringMatching(/^\$/) } },
      ]);
    });

    test("leaves out what an ignored user says, and their invites", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob]);
      const params = { userId: alice.userId, type: "m.ignored_user_list" };
      await alice.ok(setAccountData, { params, body: { ignored_users: { [bob.userId]: {} } } });
      const { next_batch: since } = await syncOf(alice);
      await say(bob, roomId, "spam");
      await roomOf(bob, [], { preset: "private_chat", invite: [alice.userId] });
      await say(alice, roomId, "ham");
      const reply = await syncOf(alice, { since });
      expect(bodies(joined(reply, roomId).timeline.events)).toEqual(["ham"]);
      expect(reply.rooms?.invite ?? {}).toEqual({});
    });

    test("shows a room the user has just joined whole", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [], { name: "Kitchen" });
      const { next_batch: since } = await syncOf(bob);
      await join(bob, roomId);
      const { timeline, state } = joined(await syncOf(bob, { since }), roomId);
      expect([...state.events, ...timeline.events].map(({ type }) => type)).toEqual(
        expect.arrayContaining(["m.room.create", "m.room.name", "m.room.member"]),
      );
    });

    test("shows an invite once, and a room that was left with its last events", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [], { preset: "private_chat" });
      const { next_batch: before } = await syncOf(bob);
      await alice.ok(inviteUser, { params: { roomId }, body: { user_id: bob.userId } });
      const invited = await syncOf(bob, { since: before });
      expect(Object.keys(invited.rooms?.invite ?? {})).toEqual([roomId]);
      await join(bob, roomId);
      const { next_batch: since } = await syncOf(bob, { since: invited.next_batch });
      await say(alice, roomId, "wait");
      await bob.ok(leaveRoom, { params: { roomId }, body: {} });
      await say(alice, roomId, "gone");
      const left = await syncOf(bob, { since });
      const { timeline } = left.rooms?.leave?.[roomId] ?? {};
      expect(bodies(timeline?.events ?? [])).toEqual(["wait"]);
      expect(timeline?.events.at(-1)).toMatchObject({ type: "m.room.member", content: { membership: "leave" } });
      expect(await syncOf(bob, { since: left.next_batch })).not.toHaveProperty("rooms");
    });

    test("brings account data of the account and of rooms that changed", async () => {
      const [alice] = await here.people("alice");
      const roomId = await roomOf(alice);
      const { next_batch: since } = await syncOf(alice);
      const params = { userId: alice.userId, roomId, type: "org.croft.test" };
      await alice.ok(setAccountData, { params, body: { of: "account" } });
      await alice.ok(setAccountDataPerRoom, { params, body: { of: "room" } });
      const reply = await syncOf(alice, { since });
      expect(reply.account_data?.events).toEqual([{ type: "org.croft.test", content: { of: "account" } }]);
      expect(joined(reply, roomId).account_data.events).toEqual([{ type: "org.croft.test", content: { of: "room" } }]);
    });
  });

  describe("waiting", () => {
    test("ends with what happens", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const roomId = await roomOf(alice, [bob]);
      const { next_batch: since } = await syncOf(alice);
      const waiting = syncOf(alice, { since, timeout: 30_000 });
      await say(bob, roomId, "now");
      expect(bodies(joined(await waiting, roomId).timeline.events)).toEqual(["now"]);
    });

    test("ends with nothing when its time is up", async () => {
      const [alice] = await here.people("alice");
      const { next_batch: since } = await syncOf(alice);
      let answered = false;
      const waiting = syncOf(alice, { since, timeout: 30_000 }).finally(() => (answered = true));
      await expect
        .poll(
          () => {
            here.server.clock.advance(30_000);
            return answered;
          },
          { timeout: 10_000 },
        )
        .toBe(true);
      expect(await waiting).not.toHaveProperty("rooms");
    });
  });

  describe("filters", () => {
    test("may be given by id or in place, and leave out what they say", async () => {
      const [alice] = await here.people("alice");
      const kitchen = await roomOf(alice);
      const cellar = await roomOf(alice);
      const filter = { room: { rooms: [kitchen], timeline: { types: ["m.room.message"] } } };
      await say(alice, kitchen, "hello");
      const { filter_id } = await alice.ok(defineFilter, { params: { userId: alice.userId }, body: filter });
      for (const given of [filter_id, JSON.stringify(filter)]) {
        const reply = await syncOf(alice, { filter: given });
        expect(reply.rooms?.join).not.toHaveProperty(cellar);
        expect(joined(reply, kitchen).timeline.events.map(({ type }) => type)).toEqual(["m.room.message"]);
      }
    });

    test("and tokens that cannot be are refused", async () => {
      const [alice] = await here.people("alice");
      for (const query of [{ filter: "{" }, { since: "nonsense" }]) {
        expect(await alice.call(sync, { query })).toMatchObject(refusal(400, "M_INVALID_PARAM"));
      }
      expect((await alice.call(sync, { query: { filter: "4711" } })).status).toBeGreaterThanOrEqual(400);
    });
  });

  test("state can be had as it is at the timeline's end", async () => {
    const [alice] = await here.people("alice");
    const roomId = await roomOf(alice);
    const { next_batch: since } = await syncOf(alice);
    await setState(alice, roomId, "m.room.name", { name: "New" });
    const room = joined(await syncOf(alice, { since, use_state_after: true }), roomId);
    expect(room.state_after?.events).toMatchObject([{ type: "m.room.name" }]);
    expect(room).not.toHaveProperty("state");
  });

  test("the whole state comes again when asked for", async () => {
    const [alice] = await here.people("alice");
    const roomId = await roomOf(alice, [], { name: "Kitchen" });
    const { next_batch: since } = await syncOf(alice);
    const { state } = joined(await syncOf(alice, { since, full_state: true }), roomId);
    expect(state.events.map(({ type }) => type)).toEqual(expect.arrayContaining(["m.room.create", "m.room.name"]));
  });
});
