import {
  createRoom,
  deleteProfileField,
  getProfileField,
  getRoomStateWithKey,
  getUserProfile,
  setProfileField,
} from "@croft/api";
import { expect, test } from "vitest";
import { call, ok } from "../../packages/testkit/src/call.ts";
import type { TestUser } from "../../packages/testkit/src/test-homeserver.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";

onBothEngines((here) => {
  const setField = (user: TestUser, keyName: string, value: unknown, { userId } = user) =>
    user.call(setProfileField, { params: { userId, keyName }, body: { [keyName]: value } as never });
  const profileOf = ({ userId }: TestUser) => ok(here.server.url, getUserProfile, { params: { userId } });

  test("anyone sees the name, picture and other fields that a user gave themselves", async () => {
    const [alice] = await here.people("alice");
    const { userId } = alice;
    await setField(alice, "displayname", "Alice");
    await setField(alice, "avatar_url", "mxc://localhost/alice");
    await setField(alice, "m.tz", "Europe/Berlin");
    await setField(alice, "org.croft.likes", { tea: ["green"] });
    expect(await profileOf(alice)).toEqual({
      displayname: "Alice",
      avatar_url: "mxc://localhost/alice",
      "m.tz": "Europe/Berlin",
      "org.croft.likes": { tea: ["green"] },
    });
    const name = await ok(here.server.url, getProfileField, { params: { userId, keyName: "displayname" } });
    expect(name).toEqual({ displayname: "Alice" });
  });

  test("a field can be taken back", async () => {
    const [alice] = await here.people("alice");
    const params = { userId: alice.userId, keyName: "org.croft.likes" };
    await setField(alice, params.keyName, "tea");
    await alice.ok(deleteProfileField, { params });
    expect(await profileOf(alice)).not.toHaveProperty("org.croft.likes");
    const reply = await call(here.server.url, getProfileField, { params });
    expect(reply).toMatchObject(refusal(404, "M_NOT_FOUND"));
  });

  test("nobody changes somebody else's profile", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    expect(await setField(bob, "displayname", "Alice", alice)).toMatchObject(refusal(403, "M_FORBIDDEN"));
    const params = { userId: alice.userId, keyName: "displayname" };
    expect(await bob.call(deleteProfileField, { params })).toMatchObject(refusal(403, "M_FORBIDDEN"));
  });

  test("a field must have a name that fields have, be in the body, and fit", async () => {
    const [alice] = await here.people("alice");
    const params = { userId: alice.userId, keyName: "displayname" };
    expect(await setField(alice, "No Name", "x")).toMatchObject(refusal(400, "M_INVALID_PARAM"));
    expect(await setField(alice, `org.${"x".repeat(255)}`, "x")).toMatchObject(refusal(400, "M_KEY_TOO_LARGE"));
    expect(await setField(alice, "org.croft.long", "x".repeat(65_536))).toMatchObject(
      refusal(400, "M_PROFILE_TOO_LARGE"),
    );
    expect(await setField(alice, "displayname", 7)).toMatchObject(refusal(400, "M_BAD_JSON"));
    expect(await alice.call(setProfileField, { params, body: {} })).toMatchObject(refusal(400, "M_MISSING_PARAM"));
  });

  test("a user who is not there has no profile", async () => {
    const reply = await call(here.server.url, getUserProfile, { params: { userId: "@nobody:localhost" } });
    expect(reply).toMatchObject(refusal(404, "M_NOT_FOUND"));
  });

  test("a new name reaches the rooms the user is in", async () => {
    const [alice] = await here.people("alice");
    const { room_id: roomId } = await alice.ok(createRoom, { body: {} });
    await setField(alice, "displayname", "Alice");
    const params = { roomId, eventType: "m.room.member", stateKey: alice.userId };
    await expect
      .poll(() => alice.ok(getRoomStateWithKey, { params }), { timeout: 10_000 })
      .toMatchObject({ membership: "join", displayname: "Alice" });
  });
});
