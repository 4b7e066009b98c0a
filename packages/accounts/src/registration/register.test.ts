import * as api from "@croft/api";
import { expect, test } from "vitest";
import { sessionOf, type TestAccounts, testAccounts } from "../test-accounts.ts";

const dummy = { type: "m.login.dummy" };
type Body = api.BodyOf<typeof api.register>;
const register = (server: TestAccounts, body: Body, kind: "user" | "guest" = "user") =>
  server.call(api.register, { query: { kind }, body });

test("a request without auth is told the flows and given a session that completes it", async () => {
  await using server = await testAccounts();
  const body = { username: "alice", password: "wonderland", device_id: "PHONE" };
  const first = await register(server, body);
  expect(first.status).toBe(401);
  expect(first.json).toMatchObject({ flows: [{ stages: ["m.login.dummy"] }] });
  const auth = { ...dummy, session: sessionOf(first.json) };
  const second = await register(server, { ...body, auth });
  expect(second).toMatchObject({ status: 200, json: { user_id: "@alice:example.org", device_id: "PHONE" } });
  expect((await server.whoami(second.json.access_token)).json).toEqual({
    user_id: "@alice:example.org",
    device_id: "PHONE",
    is_guest: false,
  });
});

test("one request is enough where one stage is", async () => {
  await using server = await testAccounts();
  const reply = await register(server, { username: "alice", password: "wonderland", auth: dummy });
  expect(reply.status).toBe(200);
  expect(reply.json.access_token).toMatch(/^croft_a_/);
});

test("capitals become small letters, and other characters are refused before any auth", async () => {
  await using server = await testAccounts();
  const reply = await register(server, { username: "Alice", password: "wonderland", auth: dummy });
  expect(reply.json.user_id).toBe("@alice:example.org");
  for (const username of ["al!ce", "", "älice", "a:b", "a".repeat(256)]) {
    expect(await register(server, { username, password: "wonderland" })).toMatchObject({
      status: 400,
      json: { errcode: "M_INVALID_USERNAME" },
    });
  }
});

test("a name that is taken is refused before any auth", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  for (const username of ["alice", "ALICE"]) {
    const reply = await register(server, { username });
    expect(reply).toMatchObject({ status: 400, json: { errcode: "M_USER_IN_USE" } });
  }
});

test("of two who register the same name at once, exactly one gets the account", async () => {
  await using server = await testAccounts();
  const both = await Promise.all(
    ["one", "two"].map((password) => register(server, { username: "alice", password, auth: dummy })),
  );
  expect(both.map((reply) => reply.status).sort()).toEqual([200, 400]);
  expect(both.find((reply) => reply.status === 400)?.json.errcode).toBe("M_USER_IN_USE");
});

test("who names nobody gets a name", async () => {
  await using server = await testAccounts();
  const reply = await register(server, { password: "wonderland", auth: dummy });
  expect(reply.json.user_id).toMatch(/^@user-[0-9a-f]{12}:example\.org$/);
});

test("inhibit_login makes an account and no session", async () => {
  await using server = await testAccounts();
  const reply = await register(server, { username: "a", password: "wonderland", auth: dummy, inhibit_login: true });
  expect(reply.status).toBe(200);
  expect(reply.json).not.toHaveProperty("access_token");
  expect(reply.json).not.toHaveProperty("device_id");
});

test("an account needs a password that is one", async () => {
  await using server = await testAccounts();
  const without = await register(server, { username: "alice", auth: dummy });
  expect(without).toMatchObject({ status: 400, json: { errcode: "M_MISSING_PARAM" } });
  const empty = await register(server, { username: "alice", password: "", auth: dummy });
  expect(empty).toMatchObject({ status: 400, json: { errcode: "M_WEAK_PASSWORD" } });
});

test("nobody registers while registration is closed, token or not", async () => {
  await using server = await testAccounts({ mode: "closed" });
  const reply = await register(server, { username: "alice", password: "wonderland", auth: dummy });
  expect(reply).toMatchObject({ status: 403, json: { errcode: "M_FORBIDDEN" } });
  expect((await server.call(api.registrationTokenValidity, { query: { token: "abc" } })).status).toBe(403);
});

test("guests are refused unless they are welcome", async () => {
  await using closed = await testAccounts();
  const refused = await register(closed, {}, "guest");
  expect(refused).toMatchObject({ status: 403, json: { errcode: "M_GUEST_ACCESS_FORBIDDEN" } });
  await using open = await testAccounts({ guests: true });
  const guest = await register(open, { device_id: "MINE" }, "guest");
  expect(guest.status).toBe(200);
  expect(guest.json.device_id).not.toBe("MINE");
  expect((await open.whoami(guest.json.access_token)).json.is_guest).toBe(true);
});

test("a registration token makes as many accounts as it may", async () => {
  await using server = await testAccounts({ mode: "token" });
  const { storage } = server.accounts;
  await storage.write(async (tx) =>
    tx.registrationTokens.create({ token: "invite", usesAllowed: 1, expiresTs: undefined }),
  );
  const withToken = (username: string, token: string) =>
    register(server, { username, password: "wonderland", auth: { type: "m.login.registration_token", token } });
  const wrong = await withToken("alice", "guess");
  expect(wrong).toMatchObject({ status: 401, json: { errcode: "M_UNAUTHORIZED" } });
  expect(wrong.json).toMatchObject({ flows: [{ stages: ["m.login.registration_token"] }] });
  const dummyInstead = await register(server, { username: "alice", password: "wonderland", auth: dummy });
  expect(dummyInstead).toMatchObject({ status: 401, json: { errcode: "M_UNRECOGNIZED" } });
  const both = await Promise.all([withToken("alice", "invite"), withToken("bob", "invite")]);
  expect(both.map((reply) => reply.status).sort()).toEqual([200, 401]);
  expect(await storage.read.registrationTokens.get("invite")).toMatchObject({ completed: 1 });
});

test("whether a registration token is valid can be asked before", async () => {
  await using server = await testAccounts({ mode: "token" });
  const expiresTs = server.clock.now() + 1000;
  await server.accounts.storage.write(async (tx) =>
    tx.registrationTokens.create({ token: "brief", usesAllowed: undefined, expiresTs }),
  );
  const valid = async (token: string) => (await server.call(api.registrationTokenValidity, { query: { token } })).json;
  expect(await valid("brief")).toEqual({ valid: true });
  expect(await valid("other")).toEqual({ valid: false });
  server.clock.advance(1000);
  expect(await valid("brief")).toEqual({ valid: false });
});

test("whether a name is free can be asked before", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const available = (username: string) => server.call(api.checkUsernameAvailability, { query: { username } });
  expect(await available("bob")).toEqual({ status: 200, json: { available: true } });
  expect(await available("alice")).toMatchObject({ status: 400, json: { errcode: "M_USER_IN_USE" } });
  expect(await available("b!b")).toMatchObject({ status: 400, json: { errcode: "M_INVALID_USERNAME" } });
});
