import {
  changePassword,
  createRoom,
  deactivateAccount,
  getLoginFlows,
  getMembersByRoom,
  getTokenOwner,
  getUserProfile,
  joinRoomById,
  login,
  logout,
  logout_all,
  refresh,
  register,
} from "@croft/api";
import { describe, expect, test } from "vitest";
import { call, ok } from "../../packages/testkit/src/call.ts";
import type { TestUser } from "../../packages/testkit/src/test-homeserver.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { proofOf } from "./talk.ts";

const unknownToken = refusal(401, "M_UNKNOWN_TOKEN");

onBothEngines((here) => {
  const logIn = (user: TestUser, more: object = {}) =>
    call(here.server.url, login, { body: { ...proofOf(user), ...more } });
  const whoami = (token: string | undefined) => call(here.server.url, getTokenOwner, { token });

  describe("login", () => {
    test("the server names the ways to log in", async () => {
      const { flows } = await ok(here.server.url, getLoginFlows, {});
      expect(flows).toContainEqual({ type: "m.login.password" });
    });

    test("a user is named by local part, by whole id, or in the old way", async () => {
      const [alice] = await here.people("alice");
      const { password } = alice;
      for (const user of [alice.name, alice.userId]) {
        const reply = await logIn(alice, { identifier: { type: "m.id.user", user } });
        expect(reply).toMatchObject({ status: 200, body: { user_id: alice.userId } });
      }
      const body = { type: "m.login.password", user: alice.name, password };
      expect(await call(here.server.url, login, { body })).toMatchObject({ status: 200 });
    });

    test("a wrong password and a user who is not there look the same", async () => {
      const [alice] = await here.people("alice");
      const wrong = await logIn(alice, { password: "wrong" });
      const nobody = await logIn({ ...alice, name: "nobody" });
      expect(wrong).toMatchObject(refusal(403, "M_FORBIDDEN"));
      expect(nobody.body).toEqual(wrong.body);
    });

    test("a way to log in that the server does not have is refused", async () => {
      const reply = await call(here.server.url, login, { body: { type: "m.login.magic" } });
      expect(reply).toMatchObject(refusal(400, "M_UNKNOWN"));
    });

    test("who logs in again at a device ends the session that was there", async () => {
      const [alice] = await here.people("alice");
      const again = await logIn(alice, { device_id: alice.deviceId });
      expect(again.body.device_id).toBe(alice.deviceId);
      expect(await whoami(alice.token)).toMatchObject(unknownToken);
      expect((await whoami(again.body.access_token)).body.device_id).toBe(alice.deviceId);
    });
  });

  describe("logout", () => {
    test("ends one device, or all", async () => {
      const [alice] = await here.people("alice");
      const phone = await here.server.login(alice.name);
      const laptop = await here.server.login(alice.name);
      await alice.ok(logout);
      expect(await whoami(alice.token)).toMatchObject(unknownToken);
      expect(await whoami(phone.token)).toMatchObject({ status: 200 });
      await phone.ok(logout_all);
      expect(await whoami(laptop.token)).toMatchObject(unknownToken);
    });
  });

  describe("refresh", () => {
    test("an access token that expired leaves the device logged in softly, until it refreshes", async () => {
      const [alice] = await here.people("alice");
      const { body: first } = await logIn(alice, { refresh_token: true });
      expect(first.expires_in_ms).toBeGreaterThan(0);
      here.server.clock.advance(first.expires_in_ms ?? 0);
      const expired = await whoami(first.access_token);
      expect(expired).toMatchObject({ ...unknownToken, body: { soft_logout: true } });
      const body = { refresh_token: first.refresh_token ?? "" };
      const second = await ok(here.server.url, refresh, { body });
      expect(await whoami(second.access_token)).toMatchObject({ status: 200, body: { device_id: first.device_id } });
    });

    test("a client that lost the reply may ask again; a replaced refresh token that appears later ends the session", async () => {
      const [alice] = await here.people("alice");
      const { body: first } = await logIn(alice, { refresh_token: true });
      const body = { refresh_token: first.refresh_token ?? "" };
      await ok(here.server.url, refresh, { body });
      const second = await ok(here.server.url, refresh, { body });
      expect(await whoami(second.access_token)).toMatchObject({ status: 200 });
      expect(await whoami(first.access_token)).toMatchObject(unknownToken);
      expect(await call(here.server.url, refresh, { body })).toMatchObject(unknownToken);
      expect(await whoami(second.access_token)).toMatchObject(unknownToken);
    });

    test("a token nobody was given refreshes nothing", async () => {
      const reply = await call(here.server.url, refresh, { body: { refresh_token: "nobodys" } });
      expect(reply).toMatchObject(unknownToken);
    });
  });

  describe("the password", () => {
    test("is changed by who proves to know it, and ends the other devices", async () => {
      const [alice] = await here.people("alice");
      const phone = await here.server.login(alice.name);
      const body = { new_password: "staple battery" };
      const challenge = await alice.call(changePassword, { body });
      expect(challenge).toMatchObject({ status: 401, body: { flows: [{ stages: ["m.login.password"] }] } });
      const { session } = challenge.body as unknown as { session: string };
      const wrong = { ...proofOf(alice), password: "wrong", session };
      const refused = await alice.call(changePassword, { body: { ...body, auth: wrong } });
      expect(refused).toMatchObject({ status: 401, body: { errcode: "M_FORBIDDEN", session } });
      await alice.ok(changePassword, { body: { ...body, auth: { ...proofOf(alice), session } } });
      expect(await logIn(alice)).toMatchObject(refusal(403, "M_FORBIDDEN"));
      expect(await logIn(alice, { password: "staple battery" })).toMatchObject({ status: 200 });
      expect(await whoami(alice.token)).toMatchObject({ status: 200 });
      expect(await whoami(phone.token)).toMatchObject(unknownToken);
    });

    test("can be changed without ending other devices", async () => {
      const [alice] = await here.people("alice");
      const phone = await here.server.login(alice.name);
      const body = { new_password: "staple battery", logout_devices: false, auth: proofOf(alice) };
      await alice.ok(changePassword, { body });
      expect(await whoami(phone.token)).toMatchObject({ status: 200 });
    });
  });

  test("a locked account may log out and do nothing else", async () => {
    const [alice] = await here.people("alice");
    await here.server.storage.write(async ({ accounts }) => accounts.setLocked(alice.userId, true));
    const locked = { ...refusal(401, "M_USER_LOCKED"), body: { errcode: "M_USER_LOCKED", soft_logout: true } };
    expect(await whoami(alice.token)).toMatchObject(locked);
    await alice.ok(logout);
    expect(await whoami(alice.token)).toMatchObject(unknownToken);
  });

  test("an account that was deactivated is gone from its rooms, cannot log in, and its name stays taken", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const { room_id: roomId } = await bob.ok(createRoom, { body: { preset: "public_chat" } });
    await alice.ok(joinRoomById, { params: { roomId }, body: {} });
    expect(await alice.call(deactivateAccount, { body: {} })).toMatchObject({ status: 401 });
    const gone = await alice.ok(deactivateAccount, { body: { auth: proofOf(alice) } });
    expect(gone.id_server_unbind_result).toMatch(/^(success|no-support)$/);
    expect(await whoami(alice.token)).toMatchObject(unknownToken);
    expect(await logIn(alice)).toMatchObject({ status: 403 });
    const { chunk } = await bob.ok(getMembersByRoom, { params: { roomId }, query: { membership: "leave" } });
    expect(chunk).toMatchObject([{ state_key: alice.userId }]);
    const body = { username: alice.name, password: "again", auth: { type: "m.login.dummy" } };
    expect(await call(here.server.url, register, { body })).toMatchObject(refusal(400, "M_USER_IN_USE"));
    const profile = await call(here.server.url, getUserProfile, { params: { userId: alice.userId } });
    expect(profile).toMatchObject(refusal(404, "M_NOT_FOUND"));
  });
});
