import * as api from "@croft/api";
import { expect, test } from "vitest";
import { passwordOf, type TestAccounts, testAccounts } from "../test-accounts.ts";
import { createSetupToken, SETUP_TOKEN_LIFETIME_MS } from "./create-setup-token.ts";

const newToken = async (server: TestAccounts) => (await createSetupToken(server.accounts)) ?? "";
const complete = (server: TestAccounts, token: string, localpart = "alice", password = passwordOf("alice")) =>
  server.call(api.completeSetup, { body: { token, localpart, password } });
const dead = { status: 403, json: { errcode: "M_FORBIDDEN" } };

test("the setup link makes the first account, an administrator, while registration is closed", async () => {
  await using server = await testAccounts({ mode: "closed" });
  expect((await server.call(api.getSetupState, {})).json).toEqual({ setup_needed: true });
  const token = await newToken(server);
  expect(await complete(server, token)).toEqual({ status: 200, json: { user_id: "@alice:example.org" } });
  expect(await server.accounts.storage.read.accounts.get("@alice:example.org")).toMatchObject({ isAdmin: true });
  expect((await server.login("alice")).status).toBe(200);
  expect((await server.call(api.getSetupState, {})).json).toEqual({ setup_needed: false });
  expect(await complete(server, token, "bob")).toMatchObject(dead);
  expect(await createSetupToken(server.accounts)).toBeUndefined();
});

test("of two who use the link at once, one makes the account", async () => {
  await using server = await testAccounts();
  const token = await newToken(server);
  const both = await Promise.all([complete(server, token, "alice"), complete(server, token, "bob")]);
  expect(both.map((reply) => reply.status).sort()).toEqual([200, 403]);
});

test("a link works for a day, and until the next one is made", async () => {
  await using server = await testAccounts();
  const first = await newToken(server);
  const second = await newToken(server);
  expect(await complete(server, first)).toMatchObject(dead);
  server.clock.advance(SETUP_TOKEN_LIFETIME_MS);
  expect(await complete(server, second)).toMatchObject(dead);
});

test("a link is dead once there is an account made in another way", async () => {
  await using server = await testAccounts();
  const token = await newToken(server);
  await server.createUser("bob");
  expect(await complete(server, token)).toMatchObject(dead);
});

test("a mistake does not use the link up", async () => {
  await using server = await testAccounts();
  const token = await newToken(server);
  expect((await complete(server, token, "al!ce")).json.errcode).toBe("M_INVALID_USERNAME");
  expect((await complete(server, token, "alice", "short")).json.errcode).toBe("M_WEAK_PASSWORD");
  expect(await complete(server, "croft_s_guess")).toMatchObject(dead);
  expect((await complete(server, token)).status).toBe(200);
});
