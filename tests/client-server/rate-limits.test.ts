import { createRoom, getTokenOwner, login, sendMessage } from "@croft/api";
import { expect, test } from "vitest";
import { call } from "../../packages/testkit/src/call.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";

onBothEngines(
  (here) => {
    test("who guesses passwords too fast is told when to come back, and may then", async () => {
      const [alice] = await here.people("alice");
      const guess = () =>
        call(here.server.url, login, {
          body: { type: "m.login.password", identifier: { type: "m.id.user", user: alice.name }, password: "guess" },
        });
      let reply = await guess();
      for (let tries = 0; reply.status === 403 && tries < 50; tries++) reply = await guess();
      expect(reply).toMatchObject(refusal(429, "M_LIMIT_EXCEEDED"));
      const { retry_after_ms: wait } = reply.body as { retry_after_ms?: unknown };
      expect(wait).toBeGreaterThan(0);
      expect(reply.headers.get("retry-after")).toBe(String(Math.ceil(Number(wait) / 1000)));
      here.server.clock.advance(Number(wait));
      expect(await guess()).toMatchObject(refusal(403, "M_FORBIDDEN"));
    });

    test("who guesses one account's password from many addresses is slowed down too", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      let addresses = 0;
      const guess = (user: typeof alice, password: string) =>
        call(here.server.url, login, {
          headers: { "x-forwarded-for": `192.0.2.${addresses++}` },
          body: { type: "m.login.password", identifier: { type: "m.id.user", user: user.name }, password },
        });
      const replies = await Promise.all(Array.from({ length: 12 }, () => guess(alice, "guess")));
      expect(replies.map(({ status }) => status).sort()).toEqual([...Array(10).fill(403), 429, 429]);
      expect(await guess(bob, bob.password)).toMatchObject({ status: 200 });
    });

    test("who sends too fast is slowed down alone, and only in sending", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const send = async (user: typeof alice, count: number) => {
        const { room_id: roomId } = await user.ok(createRoom, { body: {} });
        const all = Array.from({ length: count }, (_, index) =>
          user.call(sendMessage, { params: { roomId, eventType: "m.room.message", txnId: `${index}` }, body: {} }),
        );
        return (await Promise.all(all)).filter(({ status }) => status === 429).length;
      };
      expect(await send(alice, 65)).toBe(5);
      expect(await alice.call(getTokenOwner)).toMatchObject({ status: 200 });
      expect(await send(bob, 5)).toBe(0);
    });
  },
  { settings: { rateLimitsEnabled: true, trustedProxies: ["127.0.0.1"] } },
);
