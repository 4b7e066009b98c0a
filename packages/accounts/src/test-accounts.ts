import * as api from "@croft/api";
import { argon2Passwords, seededRandom, TestClock } from "@croft/runtime";
import { type CallArgs, call, openTestStorage, type ServedRoutes, serveRoutes } from "@croft/testkit";
import { type Accounts, createAccounts } from "./create-accounts.ts";
import { createUser } from "./registration/create-user.ts";
import type { RegistrationSettings } from "./registration/settings.ts";
import { accountsRoutes } from "./routes.ts";

/** What came back; `errcode` of a refusal, the endpoint's fields otherwise. */
export type Reply<Body = unknown> = { readonly status: number; readonly json: Body };
type Json<E> = api.ReplyOf<E> & { readonly errcode?: string };

/** The accounts of one server, called over HTTP, with a clock to move and ports that keep what they were told. */
export type TestAccounts = AsyncDisposable & {
  readonly accounts: Accounts;
  readonly clock: TestClock;
  /** What rooms and device keys were asked, in order. */
  readonly told: string[];
  /** Calls an endpoint as it is declared. */
  call<E extends api.Endpoint>(endpoint: E, args: CallArgs<E>): Promise<Reply<Json<E>>>;
  /** Sends what no typed client would. */
  send(method: string, path: string, options?: Parameters<ServedRoutes["send"]>[2]): Promise<Reply>;
  /** An account with the password `secret of <localpart>`. */
  createUser(localpart: string, isAdmin?: boolean): Promise<void>;
  login(localpart: string, more?: Partial<api.BodyOf<typeof api.login>>): Promise<Reply<Json<typeof api.login>>>;
  /** Logs in and answers the access token. */
  token(localpart: string, deviceId?: string): Promise<string>;
  whoami(token: string | undefined): Promise<Reply<Json<typeof api.getTokenOwner>>>;
};

export const passwordOf = (localpart: string): string => `secret of ${localpart}`;

/** `auth` by which a user proves to be themselves. */
export const passwordAuth = (localpart: string, more: object = {}) => ({
  type: "m.login.password",
  identifier: { type: "m.id.user", user: localpart },
  password: passwordOf(localpart),
  ...more,
});

/** The session that a 401 names. */
export const sessionOf = (json: object): string => ("session" in json ? String(json.session) : "");

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
      profileChanged: (userId) => void told.push(`profile ${userId}`),
    },
    deviceKeys: {
      deleteDevices: async (userId, deviceIds) => void told.push(`keys ${userId} ${deviceIds.join(" ")}`),
      isCrossSigningKey: async (_, id) => id === "MASTERKEY",
      deviceRenamed: async () => {},
      forgetUser: async () => {},
    },
    pushRules: { content: (userId, kept = "none") => JSON.stringify({ userId, kept }) },
  });
  const { authenticate } = accounts.accessTokens;
  const served = await serveRoutes(accountsRoutes(accounts), { authenticate });
  const called: TestAccounts["call"] = async (endpoint, args) => {
    const { status, body } = await call(served.url, endpoint, args);
    return { status, json: body };
  };
  const login: TestAccounts["login"] = (localpart, more = {}) =>
    called(api.login, { body: { ...passwordAuth(localpart), ...more } });
  return {
    accounts,
    clock,
    told,
    call: called,
    async send(...args) {
      const { status, json } = await served.send(...args);
      return { status, json };
    },
    login,
    async createUser(localpart, isAdmin = false) {
      await createUser(accounts, { localpart, password: passwordOf(localpart), isAdmin });
    },
    async token(localpart, deviceId) {
      const { json } = await login(localpart, deviceId === undefined ? {} : { device_id: deviceId });
      return json.access_token;
    },
    whoami: (token) => called(api.getTokenOwner, { token }),
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await close();
    },
  };
}
