import { argon2Passwords, seededRandom, TestClock } from "@croft/runtime";
import { openTestStorage, type ServedRoutes, serveRoutes } from "@croft/testkit";
import { type Accounts, createAccounts } from "./create-accounts.ts";
import { createUser } from "./registration/create-user.ts";
import type { RegistrationSettings } from "./registration/settings.ts";
import { accountsRoutes } from "./routes.ts";

/** The fields of replies that tests hand on; what is absent is found out by looking at it. */
export type ReplyJson = {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly user_id: string;
  readonly device_id: string;
  readonly display_name: string;
  readonly is_guest: boolean;
  readonly expires_in_ms: number;
  readonly session: string;
  readonly flows: unknown;
  readonly errcode: string;
  readonly nonce: string;
  readonly filter_id: string;
  readonly devices: readonly { readonly device_id: string }[];
};
export type Reply = { readonly status: number; readonly json: ReplyJson };

/** The accounts of one server, called over HTTP, with a clock to move and ports that keep what they were told. */
export type TestAccounts = AsyncDisposable & {
  readonly accounts: Accounts;
  readonly clock: TestClock;
  /** What rooms and device keys were asked, in order. */
  readonly told: string[];
  send(method: string, path: string, options?: Parameters<ServedRoutes["send"]>[2]): Promise<Reply>;
  /** An account with the password `secret of <localpart>`. */
  createUser(localpart: string, isAdmin?: boolean): Promise<void>;
  login(localpart: string, more?: object): Promise<Reply>;
  /** Logs in and answers the access token. */
  token(localpart: string, deviceId?: string): Promise<string>;
  whoami(token: string): Promise<Reply>;
};

export const passwordOf = (localpart: string): string => `secret of ${localpart}`;

/** `auth` by which a user proves to be themselves. */
export const passwordAuth = (localpart: string, more: object = {}) => ({
  type: "m.login.password",
  identifier: { type: "m.id.user", user: localpart },
  password: passwordOf(localpart),
  ...more,
});

export async function testAccounts(registration: Partial<RegistrationSettings> = {}): Promise<TestAccounts> {
  const clock = new TestClock();
  const random = seededRandom("accounts");
  const { storage, close } = await openTestStorage({ clock });
  const told: string[] = [];
  const accounts = createAccounts({
    storage,
    clock,
    random,
    passwords: argon2Passwords({ random, cost: { memory: 8, passes: 1, parallelism: 1 } }),
    serverName: "example.org",
    registration: { mode: "open", guests: false, sharedSecret: undefined, ...registration },
    memberships: {
      leaveAllRooms: async (userId) => void told.push(`leave ${userId}`),
      profileChanged: async (userId) => void told.push(`profile ${userId}`),
    },
    deviceKeys: {
      deleteDevices: async (userId, deviceIds) => void told.push(`keys ${userId} ${deviceIds.join(" ")}`),
      isCrossSigningKey: async (_, id) => id === "MASTERKEY",
    },
  });
  const { authenticate } = accounts.accessTokens;
  const served = await serveRoutes(accountsRoutes(accounts), { authenticate });
  const send = async (...args: Parameters<ServedRoutes["send"]>): Promise<Reply> => {
    const { status, json } = await served.send(...args);
    return { status, json: json as ReplyJson };
  };
  const login = (localpart: string, more: object = {}) =>
    send("POST", "/_matrix/client/v3/login", { body: { ...passwordAuth(localpart), ...more } });
  return {
    accounts,
    clock,
    told,
    send,
    login,
    async createUser(localpart, isAdmin = false) {
      await createUser(accounts, { localpart, password: passwordOf(localpart), isAdmin });
    },
    async token(localpart, deviceId) {
      const { json } = await login(localpart, deviceId === undefined ? {} : { device_id: deviceId });
      return json.access_token;
    },
    whoami: (token) => send("GET", "/_matrix/client/v3/account/whoami", { token }),
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await close();
    },
  };
}
