import * as api from "@croft/api";
import { defaultRates, RateLimiter } from "@croft/http";
import { expect, test } from "vitest";
import { passwordOf, testAccounts } from "../test-accounts.ts";
import { login } from "./login.ts";

test("a user is named by localpart, by whole id, in capitals, or the old way", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const password = passwordOf("alice");
  const ways = [
    { identifier: { type: "m.id.user", user: "alice" } },
    { identifier: { type: "m.id.user", user: "@alice:example.org" } },
    { identifier: { type: "m.id.user", user: "Alice" } },
    { user: "alice" },
  ];
  for (const way of ways) {
    const reply = await server.call(api.login, { body: { type: "m.login.password", password, ...way } });
    expect(reply).toMatchObject({ status: 200, json: { user_id: "@alice:example.org", home_server: "example.org" } });
  }
});

test("a historical id with capitals logs in, and is not mistaken for the same name in small letters", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const passwordHash = await server.accounts.passwords.hash(passwordOf("Alice"));
  await server.accounts.storage.write(async (tx) =>
    tx.accounts.create({ userId: "@Alice:example.org", passwordHash, isAdmin: false, isGuest: false, createdTs: 1 }),
  );
  expect((await server.login("Alice")).json.user_id).toBe("@Alice:example.org");
  expect((await server.login("alice")).json.user_id).toBe("@alice:example.org");
});

test("a wrong password, an unknown user and a user of elsewhere are refused alike", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const attempts = [
    { identifier: { type: "m.id.user", user: "alice" }, password: "wrong" },
    { identifier: { type: "m.id.user", user: "nobody" }, password: "wrong" },
    { identifier: { type: "m.id.user", user: "@alice:elsewhere.org" }, password: passwordOf("alice") },
    { identifier: { type: "m.id.thirdparty", medium: "email", address: "a@b.c" }, password: "wrong" },
    { identifier: { type: "m.id.user" }, password: "wrong" },
  ];
  for (const attempt of attempts) {
    const reply = await server.call(api.login, { body: { type: "m.login.password", ...attempt } });
    expect(reply).toEqual({ status: 403, json: { errcode: "M_FORBIDDEN", error: "Wrong user name or password" } });
  }
});

test("a login needs a type this server offers, and a password", async () => {
  await using server = await testAccounts();
  expect((await server.call(api.getLoginFlows, {})).json).toEqual({ flows: [{ type: "m.login.password" }] });
  const token = await server.call(api.login, { body: { type: "m.login.token" } });
  expect(token).toMatchObject({ status: 400, json: { errcode: "M_UNKNOWN" } });
  const bare = await server.call(api.login, { body: { type: "m.login.password", user: "alice" } });
  expect(bare).toMatchObject({ status: 400, json: { errcode: "M_MISSING_PARAM" } });
});

test("logging in again with a device id ends that device's old tokens and keeps its name", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const first = await server.login("alice", { device_id: "PHONE", initial_device_display_name: "My phone" });
  const other = await server.token("alice", "LAPTOP");
  expect((await server.whoami(first.json.access_token)).status).toBe(200);
  const again = await server.login("alice", { device_id: "PHONE", initial_device_display_name: "Another" });
  expect(await server.whoami(first.json.access_token)).toMatchObject({
    status: 401,
    json: { errcode: "M_UNKNOWN_TOKEN" },
  });
  expect((await server.whoami(other)).status).toBe(200);
  const device = await server.call(api.getDevice, { params: { deviceId: "PHONE" }, token: again.json.access_token });
  expect(device.json.display_name).toBe("My phone");
});

test("a device cannot be called like a cross-signing key", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const reply = await server.login("alice", { device_id: "MASTERKEY" });
  expect(reply).toMatchObject({ status: 403, json: { errcode: "M_FORBIDDEN" } });
});

test("a locked user is told so, softly, and can still log out", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const token = await server.token("alice");
  await server.accounts.storage.write(async (tx) => tx.accounts.setLocked("@alice:example.org", true));
  server.accounts.accessTokens.forget("@alice:example.org");
  const locked = { status: 401, json: { errcode: "M_USER_LOCKED", soft_logout: true } };
  expect(await server.whoami(token)).toMatchObject(locked);
  expect(await server.login("alice")).toMatchObject(locked);
  expect((await server.call(api.logout, { token })).status).toBe(200);
  expect((await server.whoami(token)).json.errcode).toBe("M_UNKNOWN_TOKEN");
});

test("guesses at one account are slowed down, from wherever they come and however it is spelt", async () => {
  await using server = await testAccounts();
  for (const name of ["alice", "bob"]) await server.createUser(name);
  const rateLimiter = new RateLimiter({ clock: server.clock, rates: defaultRates });
  const attempt = (name: string, password: string) =>
    login(
      { ...server.accounts, rateLimiter },
      {
        type: "m.login.password",
        name,
        password,
        device: { deviceId: undefined, displayName: undefined, refresh: false },
      },
    );
  for (let guess = 0; guess < defaultRates.login.burst; guess++) {
    const name = guess % 2 === 0 ? "Alice" : "@alice:example.org";
    await expect(attempt(name, `guess ${guess}`)).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
  }
  await expect(attempt("alice", passwordOf("alice"))).rejects.toMatchObject({ errcode: "M_LIMIT_EXCEEDED" });
  expect((await attempt("bob", passwordOf("bob"))).userId).toBe("@bob:example.org");
  server.clock.advance(1000 / defaultRates.login.perSecond);
  expect((await attempt("alice", passwordOf("alice"))).userId).toBe("@alice:example.org");
});
