import { createHmac } from "node:crypto";
import * as api from "@croft/api";
import { expect, test } from "vitest";
import { type TestAccounts, testAccounts } from "../test-accounts.ts";

const macOf = (...parts: string[]) => createHmac("sha1", "our secret").update(parts.join("\0")).digest("hex");
type Body = api.BodyOf<typeof api.registerWithSharedSecret>;
const nonceOf = async (server: TestAccounts) => (await server.call(api.getSharedSecretNonce, {})).json.nonce;
const register = (server: TestAccounts, body: Body) => server.call(api.registerWithSharedSecret, { body });

test("who knows the secret makes accounts, administrators too, while registration is closed", async () => {
  await using server = await testAccounts({ mode: "closed", sharedSecret: "our secret" });
  const nonce = await nonceOf(server);
  const mac = macOf(nonce, "Admin", "pizza", "admin");
  const reply = await register(server, { nonce, username: "Admin", password: "pizza", admin: true, mac });
  expect(reply).toMatchObject({ status: 200, json: { user_id: "@admin:example.org", home_server: "example.org" } });
  expect((await server.whoami(reply.json.access_token)).status).toBe(200);
  expect(await server.accounts.storage.read.accounts.get("@admin:example.org")).toMatchObject({ isAdmin: true });
  const next = await nonceOf(server);
  const bot = { nonce: next, username: "bot", password: "pizza", displayname: "Bot", user_type: "bot" };
  expect((await register(server, { ...bot, mac: macOf(next, "bot", "pizza", "notadmin", "bot") })).status).toBe(200);
  expect(await server.accounts.storage.read.accounts.get("@bot:example.org")).toMatchObject({ isAdmin: false });
  expect((await server.accounts.storage.read.profiles.get("@bot:example.org"))?.fields).toEqual({ displayname: "Bot" });
});

test("a wrong MAC is refused, whatever it looks like, and the nonce is spent by it", async () => {
  await using server = await testAccounts({ sharedSecret: "our secret" });
  for (const wrong of [macOf("x"), "", "zz", macOf("x").slice(1)]) {
    const nonce = await nonceOf(server);
    const body = { nonce, username: "alice", password: "pizza" };
    expect(await register(server, { ...body, mac: wrong })).toMatchObject({
      status: 403,
      json: { errcode: "M_FORBIDDEN", error: "HMAC incorrect" },
    });
    const right = await register(server, { ...body, mac: macOf(nonce, "alice", "pizza", "notadmin") });
    expect(right).toMatchObject({ status: 400, json: { error: "unrecognised nonce" } });
  }
});

test("a MAC for a user makes no administrator", async () => {
  await using server = await testAccounts({ sharedSecret: "our secret" });
  const nonce = await nonceOf(server);
  const mac = macOf(nonce, "alice", "pizza", "notadmin");
  expect((await register(server, { nonce, username: "alice", password: "pizza", admin: true, mac })).status).toBe(403);
});

test("a nonce lives a minute", async () => {
  await using server = await testAccounts({ sharedSecret: "our secret" });
  const nonce = await nonceOf(server);
  server.clock.advance(60_000);
  const mac = macOf(nonce, "alice", "pizza", "notadmin");
  const reply = await register(server, { nonce, username: "alice", password: "pizza", mac });
  expect(reply.status).toBe(400);
});

test("without a secret nothing is there", async () => {
  await using server = await testAccounts();
  for (const method of ["GET", "POST"]) {
    expect(await server.send(method, "/_synapse/admin/v1/register")).toMatchObject({
      status: 404,
      json: { errcode: "M_UNRECOGNIZED" },
    });
  }
});
