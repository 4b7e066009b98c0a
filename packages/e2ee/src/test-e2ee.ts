import { accountsRoutes, createAccounts, createUser } from "@croft/accounts";
import * as api from "@croft/api";
import { type JsonObject, type RoomId, signedText, type UserId } from "@croft/protocol";
import { roomsRoutes } from "@croft/rooms";
import { argon2Passwords, ed25519SigningKey, seededRandom, sha256 } from "@croft/runtime";
import type { Storage, StoreName } from "@croft/storage";
import { type CallArgs, type Called, call, serveRoutes, type TestRooms, testRooms } from "@croft/testkit";
import { keptKeys } from "./device-lists/kept-keys.ts";
import { discardedToDevice, unreachableKeys } from "./no-federation.ts";
import { type E2eeDeps, e2eeRoutes } from "./routes.ts";

/** A logged-in device. */
export type TestDevice = {
  readonly userId: UserId;
  readonly deviceId: string;
  call<E extends api.Endpoint>(
    endpoint: E,
    args?: Omit<CallArgs<E>, "token">,
  ): Promise<Called<api.ReplyOf<E> & { readonly errcode?: string; readonly error?: string }>>;
};

/** Accounts, rooms and keys of the server `here`, called over HTTP. */
export type TestE2ee = AsyncDisposable & {
  readonly rooms: TestRooms;
  /** Logs in; a user who is not there yet is made, with the password `secret`. */
  login(localpart: string, deviceId: string): Promise<TestDevice>;
  createRoom(creator: TestDevice, ...members: TestDevice[]): Promise<RoomId>;
};

export async function testE2ee(overrides: Partial<E2eeDeps> = {}): Promise<TestE2ee> {
  const rooms = await testRooms();
  const { storage, clock, serverName, verify } = rooms;
  const random = seededRandom("e2ee");
  const passwords = argon2Passwords({ random, cost: { memory: 8, passes: 1, parallelism: 1 } });
  const accounts = createAccounts({
    storage,
    clock,
    random,
    passwords,
    serverName,
    registration: { mode: "open", guests: false, sharedSecret: undefined },
    memberships: { leaveAllRooms: async () => {}, profileChanged: () => {} },
    pushRules: { content: (_, kept) => kept ?? "{}" },
    deviceKeys: keptKeys({ storage }),
  });
  const deps = {
    storage,
    clock,
    random,
    passwords,
    serverName,
    verify,
    remoteKeys: unreachableKeys,
    remoteToDevice: discardedToDevice,
    ...overrides,
  };
  const routes = [...accountsRoutes(accounts), ...roomsRoutes(rooms), ...e2eeRoutes(deps)];
  const served = await serveRoutes(routes, { authenticate: accounts.accessTokens.authenticate });

  const login: TestE2ee["login"] = async (localpart, deviceId) => {
    const userId: UserId = `@${localpart}:${serverName}`;
    const known = await storage.read.accounts.get(userId);
    if (!known) await createUser(accounts, { localpart, password: "secret", isAdmin: false });
    const { body } = await call(served.url, api.login, {
      body: { ...passwordAuth(localpart), device_id: deviceId, initial_device_display_name: `${localpart}'s` },
    });
    return {
      userId,
      deviceId,
      call: (endpoint, args = {}) => call(served.url, endpoint, { ...args, token: body.access_token }),
    };
  };
  return {
    rooms,
    login,
    async createRoom(creator, ...members) {
      const { body } = await creator.call(api.createRoom, { body: { preset: "public_chat" } });
      const roomId = body.room_id;
      for (const member of members) await member.call(api.joinRoomById, { params: { roomId }, body: {} });
      return roomId;
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await rooms[Symbol.asyncDispose]();
    },
  };
}

/** A storage in which something else is committed before each write that was collected is handed over. */
export const overtaken = (storage: TestRooms["storage"], meanwhile: () => Promise<void>): Storage<StoreName> => ({
  read: storage.read,
  position: () => storage.position(),
  onCommitted: (listener) => storage.onCommitted(listener),
  write: (useCase, options) =>
    storage.write(async (tx) => {
      const result = await useCase(tx);
      await meanwhile();
      return result;
    }, options),
});

/** `auth` by which a user proves to be themselves. */
export const passwordAuth = (localpart: string) => ({
  type: "m.login.password",
  identifier: { type: "m.id.user", user: localpart },
  password: "secret",
});

export type TestKey = ReturnType<typeof testKey>;

/** A key pair that is the same for the same name. */
export function testKey(name: string) {
  const { publicKey, sign } = ed25519SigningKey(sha256(name));
  return { publicKey, sign };
}

/** The object with a signature of the user's key of that id more. */
export function signedBy<T extends JsonObject>(object: T, userId: UserId, keyId: string, { sign }: TestKey) {
  const signatures = object["signatures"] as { [user: string]: { [keyId: string]: string } } | undefined;
  const ofUser = { ...signatures?.[userId], [`ed25519:${keyId}`]: sign(signedText(object)) };
  return { ...object, signatures: { ...signatures, [userId]: ofUser } };
}

/** A device's key pair, and its keys signed by itself. */
export function deviceKeysOf({ userId, deviceId }: Pick<TestDevice, "userId" | "deviceId">, seed = "1") {
  const key = testKey(`${userId} ${deviceId} ${seed}`);
  const keys = {
    user_id: userId,
    device_id: deviceId,
    algorithms: ["m.olm.v1.curve25519-aes-sha2"],
    keys: { [`ed25519:${deviceId}`]: key.publicKey, [`curve25519:${deviceId}`]: `curve ${seed}` },
  };
  return { key, signed: signedBy(keys, userId, deviceId, key) };
}

/** A user's three cross-signing keys, as a client makes them. */
export function crossSigningKeysOf(userId: UserId, seed = "1") {
  const master = testKey(`${userId} master ${seed}`);
  const selfSigning = testKey(`${userId} self ${seed}`);
  const userSigning = testKey(`${userId} user ${seed}`);
  const object = (usage: string, { publicKey }: TestKey) => ({
    user_id: userId,
    usage: [usage],
    keys: { [`ed25519:${publicKey}`]: publicKey },
  });
  return {
    master,
    selfSigning,
    userSigning,
    body: {
      master_key: object("master", master),
      self_signing_key: signedBy(object("self_signing", selfSigning), userId, master.publicKey, master),
      user_signing_key: signedBy(object("user_signing", userSigning), userId, master.publicKey, master),
    },
  };
}
