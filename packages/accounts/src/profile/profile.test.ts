import * as api from "@croft/api";
import type { JsonObject, JsonValue, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { testAccounts } from "../test-accounts.ts";

const userId: UserId = "@alice:example.org";

async function aliceAtHome() {
  const server = await testAccounts();
  await server.createUser("alice");
  const token = await server.token("alice");
  const put = (keyName: string, body: JsonObject) =>
    server.call(api.setProfileField, { params: { userId, keyName }, token, body });
  return {
    server,
    token,
    put,
    set: (name: string, value: JsonValue) => put(name, { [name]: value }),
    profile: () => server.call(api.getUserProfile, { params: { userId } }),
    get: (keyName: string) => server.call(api.getProfileField, { params: { userId, keyName } }),
    remove: (keyName: string) => server.call(api.deleteProfileField, { params: { userId, keyName }, token }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

test("fields are set, read by anybody and deleted", async () => {
  await using home = await aliceAtHome();
  expect(await home.profile()).toEqual({ status: 200, json: {} });
  await home.set("displayname", "Alice");
  await home.set("avatar_url", "mxc://example.org/abc");
  await home.set("m.tz", "Europe/Zurich");
  await home.set("org.example.pet", { cat: ["Dinah", null] });
  expect((await home.profile()).json).toEqual({
    displayname: "Alice",
    avatar_url: "mxc://example.org/abc",
    "m.tz": "Europe/Zurich",
    "org.example.pet": { cat: ["Dinah", null] },
  });
  expect((await home.get("displayname")).json).toEqual({ displayname: "Alice" });
  expect(await home.remove("m.tz")).toEqual({ status: 200, json: {} });
  expect(await home.remove("m.tz")).toEqual({ status: 200, json: {} });
  expect(await home.get("m.tz")).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
});

test("rooms hear of a new name or picture, and of nothing else", async () => {
  await using home = await aliceAtHome();
  await home.set("displayname", "Alice");
  await home.set("displayname", "Alice");
  await home.set("org.example.pet", "cat");
  expect(home.server.told).toEqual([`profile ${userId}`]);
  await home.set("displayname", "");
  expect(home.server.told).toHaveLength(2);
  expect((await home.get("displayname")).status).toBe(404);
});

test.each([
  ["displayname", 5, "M_BAD_JSON"],
  ["displayname", null, "M_BAD_JSON"],
  ["displayname", "x".repeat(257), "M_INVALID_PARAM"],
  ["avatar_url", "https://example.org/me.png", "M_INVALID_PARAM"],
  ["Invalid", "x", "M_INVALID_PARAM"],
  ["__proto__", "x", "M_BAD_JSON"],
  [`org.${"x".repeat(252)}`, "x", "M_KEY_TOO_LARGE"],
])("%s cannot be %j", async (name, value, errcode) => {
  await using home = await aliceAtHome();
  expect(await home.set(name, value)).toMatchObject({ status: 400, json: { errcode } });
  expect((await home.profile()).json).toEqual({});
});

test("the body holds the field that the path names", async () => {
  await using home = await aliceAtHome();
  const reply = await home.put("displayname", { avatar_url: "mxc://a/b" });
  expect(reply).toMatchObject({ status: 400, json: { errcode: "M_MISSING_PARAM" } });
});

test("a whole profile stays under 64 KiB", async () => {
  await using home = await aliceAtHome();
  expect((await home.set("org.example.a", "x".repeat(40_000))).status).toBe(200);
  const reply = await home.set("org.example.b", "x".repeat(30_000));
  expect(reply).toMatchObject({ status: 400, json: { errcode: "M_PROFILE_TOO_LARGE" } });
  expect(Object.keys((await home.profile()).json)).toEqual(["org.example.a"]);
});

test("two fields set at once are both kept", async () => {
  await using home = await aliceAtHome();
  await Promise.all([home.set("displayname", "Alice"), home.set("m.tz", "UTC"), home.set("org.example.x", 1)]);
  expect(Object.keys((await home.profile()).json).sort()).toEqual(["displayname", "m.tz", "org.example.x"]);
});

test("nobody changes another's profile, and nobody theirs while suspended", async () => {
  await using home = await aliceAtHome();
  await home.server.createUser("bob");
  const token = await home.server.token("bob");
  const foreign = await home.server.call(api.setProfileField, {
    params: { userId, keyName: "displayname" },
    token,
    body: { displayname: "x" },
  });
  expect(foreign).toMatchObject({ status: 403, json: { errcode: "M_FORBIDDEN" } });
  await home.server.accounts.storage.write(async (tx) => tx.accounts.setSuspended(userId, true));
  expect(await home.set("displayname", "x")).toMatchObject({ status: 403, json: { errcode: "M_USER_SUSPENDED" } });
});

test("a user there is not has no profile", async () => {
  await using home = await aliceAtHome();
  const reply = await home.server.call(api.getUserProfile, { params: { userId: "@nobody:example.org" } });
  expect(reply).toMatchObject({ status: 404, json: { errcode: "M_NOT_FOUND" } });
});

test("a changed name is noted for the rooms in the same write, so that no crash comes between", async () => {
  await using home = await aliceAtHome();
  const pending = () => home.server.accounts.storage.read.pendingProfiles.all();
  await home.set("org.example.pet", "Dinah");
  expect(await pending()).toEqual([]);
  await home.set("displayname", "Alice");
  expect(await pending()).toEqual([userId]);
});
