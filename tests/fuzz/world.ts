import { createRoom, defineFilter, joinRoomById, login, logout, sendMessage, setRoomStateWithKey } from "@croft/api";
import { ok } from "../../packages/testkit/src/call.ts";
import { type SignedUp, signUp } from "../../packages/testkit/src/sign-up.ts";

/** What exists on the fuzzed server: a request is the more hostile the more of it is true. */
export type World = {
  readonly alice: SignedUp;
  readonly bob: SignedUp;
  /** An account whose devices and sessions may be ended by what is sent. */
  readonly mallory: SignedUp;
  readonly deletedDeviceToken: string;
  readonly roomIds: readonly string[];
  readonly eventIds: readonly string[];
  readonly filterId: string;
};

const password = (name: string) => `correct horse of ${name}`;

export async function makeWorld(url: string): Promise<World> {
  const [alice, bob, mallory] = await Promise.all(["alice", "bob", "mallory"].map((name) => signUp(url, name)));
  if (!alice || !bob || !mallory) throw new Error("somebody is missing");
  const gone = await logIn(url, "mallory");
  await ok(url, logout, { token: gone.token });
  return { alice, bob, mallory, deletedDeviceToken: gone.token, ...(await makeRooms(url, alice, bob)) };
}

/** The same people with rooms as new: what was sent may have thrown them out of the old ones, or out of the server. */
export async function renewWorld(url: string, world: World): Promise<World> {
  const mallory = await logIn(url, "mallory");
  return { ...world, mallory, ...(await makeRooms(url, world.alice, world.bob)) };
}

async function logIn(url: string, name: string): Promise<SignedUp> {
  const body = {
    type: "m.login.password",
    identifier: { type: "m.id.user", user: name },
    password: password(name),
    device_id: "MALLORYS",
  } as const;
  const { user_id, device_id, access_token } = await ok(url, login, { body });
  return { userId: user_id, deviceId: device_id, token: access_token };
}

async function makeRooms(url: string, alice: SignedUp, bob: SignedUp) {
  const { token } = alice;
  const open = await ok(url, createRoom, { token, body: { preset: "public_chat", name: "Open" } });
  const closed = await ok(url, createRoom, { token: bob.token, body: { preset: "private_chat" } });
  await ok(url, joinRoomById, { token: bob.token, params: { roomId: open.room_id }, body: {} });
  const message = await ok(url, sendMessage, {
    token,
    params: { roomId: open.room_id, eventType: "m.room.message", txnId: open.room_id },
    body: { msgtype: "m.text", body: "A word." },
  });
  const state = await ok(url, setRoomStateWithKey, {
    token,
    params: { roomId: open.room_id, eventType: "org.croft.test", stateKey: "key" },
    body: { value: 1 },
  });
  const params = { userId: alice.userId as `@${string}:${string}` };
  const filter = await ok(url, defineFilter, { token, params, body: { room: { timeline: { limit: 1 } } } });
  return {
    roomIds: [open.room_id, closed.room_id],
    eventIds: [message.event_id, state.event_id],
    filterId: filter.filter_id,
  };
}
