import * as api from "@croft/api";
import { expect, test } from "vitest";
import { testAccounts } from "../test-accounts.ts";

const info = { address: "192.0.2.1", userAgent: "test", allowedWhenLocked: false };

test("a token that was used is known without asking the database again", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const token = await server.token("alice");
  const { accessTokens } = server.accounts;
  const first = await accessTokens.authenticate(token, info);
  expect(await accessTokens.authenticate(token, info)).toBe(first);
  accessTokens.forget("@alice:example.org", ["ANOTHER"]);
  expect(await accessTokens.authenticate(token, info)).toBe(first);
  accessTokens.forget("@alice:example.org");
  const looked = await accessTokens.authenticate(token, info);
  expect(looked).not.toBe(first);
  expect(looked).toEqual(first);
});

test("a token looked up while it was being ended does not live on in memory", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const { accessTokens } = server.accounts;
  const token = await server.token("alice", "PHONE");
  const looking = accessTokens.authenticate(token, info);
  accessTokens.forget("@alice:example.org", ["PHONE"]);
  const found = await looking;
  expect(await accessTokens.authenticate(token, info)).not.toBe(found);
});

test("logging out ends one device with its keys, logging out everywhere ends all", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const [phone, laptop] = [await server.token("alice", "PHONE"), await server.token("alice", "LAPTOP")];
  const tablet = await server.token("alice", "TABLET");
  await server.call(api.logout, { token: phone });
  expect((await server.whoami(phone)).json).toMatchObject({ errcode: "M_UNKNOWN_TOKEN" });
  expect((await server.whoami(laptop)).status).toBe(200);
  await server.call(api.logout_all, { token: laptop });
  for (const token of [laptop, tablet]) expect((await server.whoami(token)).status).toBe(401);
  expect(server.told).toEqual(["keys @alice:example.org PHONE", "keys @alice:example.org LAPTOP TABLET"]);
  expect(await server.accounts.storage.read.devices.ofUser("@alice:example.org")).toEqual([]);
});

test("the secrets themselves are nowhere in the store", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const token = await server.token("alice");
  const { sessions } = server.accounts.storage.read;
  expect(await sessions.byAccessToken(new TextEncoder().encode(token))).toBeUndefined();
});

test("where a device was last seen is noted now and then, not with every request", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const token = await server.token("alice", "PHONE");
  const { accessTokens, lastSeen, storage } = server.accounts;
  const seen = async () => (await storage.read.devices.get("@alice:example.org", "PHONE"))?.lastSeen;
  const start = server.clock.now();
  await accessTokens.authenticate(token, info);
  expect(await seen()).toBeUndefined();
  await lastSeen.flush();
  expect(await seen()).toEqual({ ip: "192.0.2.1", ts: start, userAgent: "test" });
  server.clock.advance(59_999);
  await accessTokens.authenticate(token, info);
  await lastSeen.flush();
  expect((await seen())?.ts).toBe(start);
  await accessTokens.authenticate(token, { ...info, address: "192.0.2.2" });
  await lastSeen.flush();
  expect(await seen()).toMatchObject({ ip: "192.0.2.2", ts: start + 59_999 });
});
