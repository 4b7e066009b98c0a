import * as api from "@croft/api";
import { expect, test } from "vitest";
import { type TestAccounts, testAccounts } from "../test-accounts.ts";
import { ACCESS_TOKEN_LIFETIME_MS } from "./issue-tokens.ts";

const refresh = (server: TestAccounts, refreshToken = "") =>
  server.call(api.refresh, { body: { refresh_token: refreshToken } });

async function loggedIn(): Promise<TestAccounts & { access: string; refreshToken: string | undefined }> {
  const server = await testAccounts();
  await server.createUser("alice");
  const { json } = await server.login("alice", { device_id: "PHONE", refresh_token: true });
  expect(json.expires_in_ms).toBe(ACCESS_TOKEN_LIFETIME_MS);
  return Object.assign(server, { access: json.access_token, refreshToken: json.refresh_token });
}

const soft = { status: 401, json: { errcode: "M_UNKNOWN_TOKEN", soft_logout: true } };

test("only a client that can refresh gets a token that expires", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const { json } = await server.login("alice");
  expect(json).not.toHaveProperty("refresh_token");
  expect(json).not.toHaveProperty("expires_in_ms");
  server.clock.advance(1000 * ACCESS_TOKEN_LIFETIME_MS);
  expect((await server.whoami(json.access_token)).status).toBe(200);
});

test("an expired access token logs out softly and is refreshed, for the same device", async () => {
  await using server = await loggedIn();
  expect((await server.whoami(server.access)).status).toBe(200);
  server.clock.advance(ACCESS_TOKEN_LIFETIME_MS);
  expect(await server.whoami(server.access)).toMatchObject(soft);
  const { json } = await refresh(server, server.refreshToken);
  expect((await server.whoami(json.access_token)).json).toMatchObject({ device_id: "PHONE" });
});

test("a client that lost the reply can refresh again with the old token", async () => {
  await using server = await loggedIn();
  await refresh(server, server.refreshToken);
  const second = await refresh(server, server.refreshToken);
  expect(second.status).toBe(200);
  expect((await server.whoami(server.access)).status).toBe(200);
  expect((await server.whoami(second.json.access_token)).status).toBe(200);
});

test("using the new access token ends the old tokens, even one that was in use until now", async () => {
  await using server = await loggedIn();
  await server.whoami(server.access);
  const { json } = await refresh(server, server.refreshToken);
  expect((await server.whoami(server.access)).status).toBe(200);
  await server.whoami(json.access_token);
  expect(await server.whoami(server.access)).toMatchObject(soft);
});

test("using the new refresh token ends the old one: whoever comes with it ends the session", async () => {
  await using server = await loggedIn();
  const first = await refresh(server, server.refreshToken);
  const second = await refresh(server, first.json.refresh_token);
  expect((await server.whoami(second.json.access_token)).status).toBe(200);
  expect(await refresh(server, server.refreshToken)).toMatchObject(soft);
  expect(await server.whoami(second.json.access_token)).toMatchObject(soft);
  expect(await refresh(server, second.json.refresh_token)).toMatchObject(soft);
  const again = await server.login("alice", { device_id: "PHONE" });
  expect((await server.whoami(again.json.access_token)).status).toBe(200);
});

test("of two replies to the same refresh, the first one used is the one that counts", async () => {
  await using server = await loggedIn();
  const [one, two] = await Promise.all([refresh(server, server.refreshToken), refresh(server, server.refreshToken)]);
  const replies = await Promise.all([server.whoami(one.json.access_token), server.whoami(two.json.access_token)]);
  expect(replies.map((reply) => reply.status).sort()).toEqual([200, 401]);
});

test("an unknown refresh token is refused for good, and logging out ends a refresh token", async () => {
  await using server = await loggedIn();
  const unknown = await refresh(server, "croft_r_guess");
  expect(unknown).toMatchObject({ status: 401, json: { errcode: "M_UNKNOWN_TOKEN" } });
  expect(unknown.json).not.toHaveProperty("soft_logout");
  await server.call(api.logout, { token: server.access });
  expect((await refresh(server, server.refreshToken)).json).not.toHaveProperty("soft_logout");
});
