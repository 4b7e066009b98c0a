import * as api from "@croft/api";
import type { UserId } from "@croft/protocol";
import { Lifecycle, silentLogger } from "@croft/runtime";
import { expect, test } from "vitest";
import { startAccounts } from "../create-accounts.ts";
import { passwordAuth, type TestAccounts, testAccounts } from "../test-accounts.ts";
import { deactivate } from "./deactivate-account.ts";

const alice: UserId = "@alice:example.org";

const ask = (server: TestAccounts, token: string, body: object) => server.call(api.deactivateAccount, { token, body });

test("a deactivated user is gone: no session, no login, no room, no profile, and no new owner of the name", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const token = await server.token("alice", "PHONE");
  const params = { userId: alice, keyName: "displayname" } as const;
  await server.call(api.setProfileField, { params, token, body: { displayname: "Alice" } });
  expect((await ask(server, token, {})).status).toBe(401);
  const done = await ask(server, token, { auth: passwordAuth("alice") });
  expect(done).toEqual({ status: 200, json: { id_server_unbind_result: "success" } });
  expect(server.told.slice(-2)).toEqual([`keys ${alice} PHONE`, `leave ${alice}`]);
  expect((await server.whoami(token)).json).toMatchObject({ errcode: "M_UNKNOWN_TOKEN" });
  expect((await server.login("alice")).status).toBe(403);
  expect((await server.call(api.getUserProfile, { params })).status).toBe(404);
  const body = { username: "alice", password: "x", auth: { type: "m.login.dummy" } };
  expect((await server.call(api.register, { body })).json.errcode).toBe("M_USER_IN_USE");
});

test("account data goes only when the user asked for erasure", async () => {
  for (const erase of [false, true]) {
    await using server = await testAccounts();
    await server.createUser("alice");
    const token = await server.token("alice");
    const params = { userId: alice, type: "m.direct" } as const;
    await server.call(api.setAccountData, { params, token, body: { a: [] } });
    await ask(server, token, { erase, auth: passwordAuth("alice") });
    const data = await server.accounts.storage.read.accountData.get({
      userId: alice,
      roomId: undefined,
      type: "m.direct",
    });
    expect(data === undefined).toBe(erase);
    expect(await server.accounts.storage.read.accounts.get(alice)).toMatchObject({ erased: erase });
  }
});

test("a deactivation that a crash interrupts is finished within a minute of the next start", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const crash = new Error("the lights went out");
  const memberships = { leaveAllRooms: () => Promise.reject(crash) };
  await expect(deactivate({ ...server.accounts, memberships }, { userId: alice, erase: false })).rejects.toBe(crash);
  expect((await server.login("alice")).status).toBe(403);
  const lifecycle = new Lifecycle({ logger: silentLogger });
  startAccounts(server.accounts, lifecycle);
  server.clock.advance(60_000);
  await lifecycle[Symbol.asyncDispose]();
  expect(server.told).toContain(`leave ${alice}`);
  expect(await server.accounts.storage.read.accounts.departing()).toEqual([]);
});
