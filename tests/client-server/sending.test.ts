import {
  getOneRoomEvent,
  getRoomState,
  getRoomStateWithKey,
  login,
  logout,
  redactEvent,
  refresh,
  sendMessage,
  setRoomStateWithKey,
} from "@croft/api";
import { describe, expect, test } from "vitest";
import { ok } from "../../packages/testkit/src/call.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { roomOf, say, setState, stateOf, syncOf } from "./talk.ts";

const forbidden = refusal(403, "M_FORBIDDEN");

onBothEngines((here) => {
  const twoInARoom = async (body: { room_version?: string } = {}) => {
    const [alice, bob] = await here.people("alice", "bob");
    return { alice, bob, roomId: await roomOf(alice, [bob], body) };
  };

  describe("sending", () => {
    test("a request that is repeated sends once", async () => {
      const { alice, roomId } = await twoInARoom();
      const send = (user: typeof alice, body: string) =>
        user.ok(sendMessage, { params: { roomId, eventType: "m.room.message", txnId: "1" }, body: { body } });
      const first = await send(alice, "once");
      expect(await send(alice, "once")).toEqual(first);
      const phone = await here.server.login(alice.name);
      expect(await send(phone, "once")).not.toEqual(first);
    });

    test("a device that was logged out and comes back under its id begins anew", async () => {
      const { alice, roomId } = await twoInARoom();
      const send = async () => {
        const bot = await here.server.login(alice.name, { device_id: "BOT" });
        const params = { roomId, eventType: "m.room.message", txnId: "1" };
        const sent = await bot.ok(sendMessage, { params, body: { body: "good morning" } });
        await bot.ok(logout);
        return sent;
      };
      expect(await send()).not.toEqual(await send());
    });

    test("requests that arrive side by side with one transaction id send once", async () => {
      const { alice, roomId } = await twoInARoom();
      const params = { roomId, eventType: "m.room.message", txnId: "1" };
      const replies = await Promise.all([1, 2, 3].map(() => alice.ok(sendMessage, { params, body: { body: "once" } })));
      expect(new Set(replies.map(({ event_id }) => event_id)).size).toBe(1);
    });

    test("only the device that sent an event sees its transaction id", async () => {
      const { alice, bob, roomId } = await twoInARoom();
      const params = { roomId, eventType: "m.room.message", txnId: "mine" };
      const { event_id: eventId } = await alice.ok(sendMessage, { params, body: { body: "hello" } });
      const seen = async (user: typeof alice) =>
        (await user.ok(getOneRoomEvent, { params: { roomId, eventId } }))["unsigned"];
      expect(await seen(alice)).toMatchObject({ transaction_id: "mine" });
      expect(await seen(bob)).not.toHaveProperty("transaction_id");
      expect(await seen(await here.server.login(alice.name))).not.toHaveProperty("transaction_id");
    });

    test("a request that is repeated with a refreshed token sends once too", async () => {
      const { alice, roomId } = await twoInARoom();
      const { url } = here.server;
      const identifier = { type: "m.id.user", user: alice.name };
      const body = { type: "m.login.password", identifier, password: alice.password, refresh_token: true };
      const first = await ok(url, login, { body });
      const params = { roomId, eventType: "m.room.message", txnId: "1" };
      const send = ({ access_token: token }: { access_token: string }) =>
        ok(url, sendMessage, { token, params, body: { body: "once" } });
      const sent = await send(first);
      const second = await ok(url, refresh, { body: { refresh_token: first.refresh_token ?? "" } });
      expect(await send(second)).toEqual(sent);
    });

    test("numbers with fractions are kept as they came in room versions that take them", async () => {
      const { alice, roomId } = await twoInARoom({ room_version: "5" });
      const params = { roomId, eventType: "org.croft.pi", txnId: "pi" };
      const { event_id: eventId } = await alice.ok(sendMessage, { params, body: { pi: 3.14 } });
      expect(await alice.ok(getOneRoomEvent, { params: { roomId, eventId } })).toMatchObject({ content: { pi: 3.14 } });
    });

    test("takes a member with the power for the event", async () => {
      const { alice, bob, roomId } = await twoInARoom();
      const [carol] = await here.people("carol");
      await expect(say(carol, roomId, "let me in")).rejects.toThrow("M_FORBIDDEN");
      const levels = await stateOf(alice, roomId, "m.room.power_levels");
      await setState(alice, roomId, "m.room.power_levels", { ...levels, events_default: 50 });
      await expect(say(bob, roomId, "me too")).rejects.toThrow("M_FORBIDDEN");
      await say(alice, roomId, "quiet now");
    });

    test("what is larger than identifiers may be is refused", async () => {
      const { alice, roomId } = await twoInARoom();
      const params = { roomId, eventType: "org.croft.pot", stateKey: "x".repeat(256) };
      expect(await alice.call(setRoomStateWithKey, { params, body: {} })).toMatchObject(refusal(413, "M_TOO_LARGE"));
    });

    test("what no event can hold is refused", async () => {
      const { alice, roomId } = await twoInARoom();
      const params = { roomId, eventType: "m.room.message", txnId: "float" };
      expect(await alice.call(sendMessage, { params, body: { pi: 3.14 } })).toMatchObject(refusal(400, "M_BAD_JSON"));
    });
  });

  describe("state", () => {
    test("is read by type and key, as content or as the whole event", async () => {
      const { alice, bob, roomId } = await twoInARoom();
      const content = { litres: 1 };
      const eventId = await setState(alice, roomId, "org.croft.pot", content, "green");
      expect(await stateOf(bob, roomId, "org.croft.pot", "green")).toEqual(content);
      const params = { roomId, eventType: "org.croft.pot", stateKey: "green" };
      expect(await bob.ok(getRoomStateWithKey, { params, query: { format: "event" } })).toMatchObject({
        event_id: eventId,
        type: "org.croft.pot",
        state_key: "green",
        sender: alice.userId,
        room_id: roomId,
        content,
      });
      expect(await bob.call(getRoomStateWithKey, { params: { ...params, stateKey: "black" } })).toMatchObject(
        refusal(404, "M_NOT_FOUND"),
      );
    });

    test("a key may be any text", async () => {
      const { alice, bob, roomId } = await twoInARoom();
      for (const key of ["a/b", "ü ?&#%2F", "🫖"]) {
        await setState(alice, roomId, "org.croft.pot/ü", { key }, key);
        expect(await stateOf(bob, roomId, "org.croft.pot/ü", key)).toEqual({ key });
      }
    });

    test("an empty key may be left out of the path", async () => {
      const { alice, roomId } = await twoInARoom();
      for (const end of ["", "/"]) {
        const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/state/m.room.topic${end}`;
        const init = {
          headers: { authorization: `Bearer ${alice.token}` },
          body: JSON.stringify({ topic: `with ${end}` }),
        };
        expect((await fetch(here.server.url + path, { ...init, method: "PUT" })).status).toBe(200);
        expect(await stateOf(alice, roomId, "m.room.topic")).toEqual({ topic: `with ${end}` });
        const read = await fetch(here.server.url + path, { headers: init.headers });
        expect(await read.json()).toEqual({ topic: `with ${end}` });
      }
    });

    test("set to what it is already makes no new event", async () => {
      const { alice, roomId } = await twoInARoom();
      const eventId = await setState(alice, roomId, "m.room.name", { name: "Same" });
      expect(await setState(alice, roomId, "m.room.name", { name: "Same" })).toBe(eventId);
    });

    test("takes the power for it, and a key that is a user's takes that user", async () => {
      const { alice, bob, roomId } = await twoInARoom();
      const params = { roomId, eventType: "m.room.name", stateKey: "" };
      expect(await bob.call(setRoomStateWithKey, { params, body: { name: "Bob's" } })).toMatchObject(forbidden);
      const own = { roomId, eventType: "org.croft.seat", stateKey: bob.userId };
      expect(await alice.call(setRoomStateWithKey, { params: own, body: {} })).toMatchObject(forbidden);
    });

    test("is not for who was never in the room", async () => {
      const { roomId } = await twoInARoom();
      const [carol] = await here.people("carol");
      expect(await carol.call(getRoomState, { params: { roomId } })).toMatchObject(forbidden);
      const params = { roomId, eventType: "m.room.create", stateKey: "" };
      expect(await carol.call(getRoomStateWithKey, { params })).toMatchObject(forbidden);
    });

    test("an alias can be a room's own only if it points there", async () => {
      const { alice, roomId } = await twoInARoom();
      const params = { roomId, eventType: "m.room.canonical_alias", stateKey: "" };
      const reply = await alice.call(setRoomStateWithKey, { params, body: { alias: "#nowhere:localhost" } });
      expect(reply).toMatchObject(refusal(400, "M_BAD_ALIAS"));
    });
  });

  describe("redaction", () => {
    test.each(["1", "6", "10", "11", "12"])("empties an event for everyone, in room version %s", async (version) => {
      const { alice, bob, roomId } = await twoInARoom({ room_version: version });
      const eventId = await say(bob, roomId, "a secret");
      const { next_batch: since } = await syncOf(alice);
      const params = { roomId, eventId, txnId: "1" };
      const { event_id: redaction } = await alice.ok(redactEvent, { params, body: { reason: "Secret" } });
      const event = await bob.ok(getOneRoomEvent, { params: { roomId, eventId } });
      expect(event).toMatchObject({ content: {}, unsigned: { redacted_because: { event_id: redaction } } });
      const seen = (await syncOf(alice, { since })).rooms?.join?.[roomId]?.timeline.events;
      expect(seen).toMatchObject([{ type: "m.room.redaction", redacts: eventId, content: { reason: "Secret" } }]);
      if (Number(version) >= 11) expect(seen?.[0]?.content).toMatchObject({ redacts: eventId });
    });

    test("may be sent as any other event", async () => {
      const { alice, roomId } = await twoInARoom();
      const eventId = await say(alice, roomId, "a secret");
      const params = { roomId, eventType: "m.room.redaction", txnId: "1" };
      await alice.ok(sendMessage, { params, body: { redacts: eventId } });
      expect(await alice.ok(getOneRoomEvent, { params: { roomId, eventId } })).toMatchObject({ content: {} });
    });

    test("is everyone's for what they said themselves, and takes power for others'", async () => {
      const { alice, bob, roomId } = await twoInARoom();
      const hers = await say(alice, roomId, "mine");
      const his = await say(bob, roomId, "mine");
      const redact = (user: typeof alice, eventId: typeof hers, txnId: string) =>
        user.call(redactEvent, { params: { roomId, eventId, txnId }, body: {} });
      expect(await redact(bob, hers, "1")).toMatchObject(forbidden);
      const once = await redact(bob, his, "2");
      expect(once.status).toBe(200);
      expect((await redact(bob, his, "2")).body).toEqual(once.body);
    });
  });
});
