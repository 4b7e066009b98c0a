import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BodyOf, type Endpoint, login, type ReplyOf } from "@croft/api";
import { Listener } from "@croft/edge";
import { createHomeserver, type Homeserver, type HomeserverSettings } from "@croft/homeserver";
import type { UserId } from "@croft/protocol";
import { silentLogger, systemRandom, TestClock } from "@croft/runtime";
import { type EngineChoice, type OpenStorage, openStorage } from "@croft/storage";
import { type CallArgs, type Called, call, ok } from "./call.ts";
import { sharedPostgres } from "./postgres.ts";
import { signUp } from "./sign-up.ts";

export type TestEngine = "sqlite" | "postgres";

/** Someone with an account, at one device. */
export type TestUser = {
  readonly name: string;
  readonly password: string;
  readonly userId: UserId;
  readonly deviceId: string;
  readonly token: string;
  /** Calls an endpoint with this device's token. */
  call<E extends Endpoint>(
    endpoint: E,
    args?: CallArgs<E>,
  ): Promise<Called<ReplyOf<E> & { readonly errcode?: string; readonly error?: string }>>;
  /** Like `call`, for what must succeed. */
  ok<E extends Endpoint>(endpoint: E, args?: CallArgs<E>): Promise<ReplyOf<E>>;
};

/** A whole homeserver in this process, on a port of the loopback interface, whose clock stands still until moved. */
export type TestHomeserver = AsyncDisposable & {
  readonly url: string;
  readonly clock: TestClock;
  readonly storage: OpenStorage;
  readonly homeserver: Homeserver;
  /** Makes an account. */
  register(name: string): Promise<TestUser>;
  /** Another device of an account that `register` made. */
  login(name: string, more?: Partial<BodyOf<typeof login>>): Promise<TestUser>;
};

export type TestHomeserverOptions = {
  readonly engine?: TestEngine;
  /** What differs from open registration without rate limits. */
  readonly settings?: Partial<HomeserverSettings>;
  readonly clock?: TestClock;
};

/** What a connection that is still open at the end gets. */
const STOP_MS = 1_000;
const VERSION = "0.0.0-test";
/** Next to nothing: tests make many accounts. */
const PASSWORD_COST = { memory: 8, passes: 1, parallelism: 1 };

export async function startTestHomeserver({
  engine = "sqlite",
  settings = {},
  clock = new TestClock(),
}: TestHomeserverOptions = {}): Promise<TestHomeserver> {
  const folder = await mkdtemp(join(tmpdir(), "croft-homeserver-"));
  const logger = silentLogger;
  const storage = await openStorage({ engine: await databaseOf(engine, folder), clock, logger });
  const homeserver = await createHomeserver({
    settings: {
      serverName: "localhost",
      publicBaseUrl: "http://localhost:8008/",
      registration: { mode: "open", sharedSecret: undefined },
      rateLimitsEnabled: false,
      maxUploadBytes: 1024 * 1024,
      mediaFolder: join(folder, "media"),
      trustedProxies: [],
      ...settings,
    },
    storage,
    clock,
    random: systemRandom,
    logger,
    version: VERSION,
    passwordCost: PASSWORD_COST,
  });
  const listener = new Listener({ handle: homeserver.requests.handle, clock });
  const address = await listener.start({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${address?.port}`;
  return {
    url,
    clock,
    storage,
    homeserver,
    async register(name) {
      return userAt(url, name, await signUp(url, name));
    },
    async login(name, more = {}) {
      const identifier = { type: "m.id.user", user: name };
      const body = { type: "m.login.password", identifier, password: passwordOf(name), ...more };
      const reply = await ok(url, login, { body });
      return userAt(url, name, { userId: reply.user_id, deviceId: reply.device_id, token: reply.access_token });
    },
    async [Symbol.asyncDispose]() {
      const stopped = listener.stop(STOP_MS);
      await homeserver.stop();
      // The clock stands still by itself: nobody waits for connections that callers keep open.
      clock.advance(STOP_MS);
      await stopped;
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function databaseOf(engine: TestEngine, folder: string): Promise<EngineChoice> {
  if (engine === "sqlite") return { kind: "sqlite", path: join(folder, "croft.db") };
  return { kind: "postgres", url: await (await sharedPostgres()).createDatabase() };
}

const passwordOf = (name: string) => `correct horse of ${name}`;

function userAt(url: string, name: string, device: { userId: string; deviceId: string; token: string }): TestUser {
  const { token } = device;
  return {
    ...device,
    name,
    userId: device.userId as UserId,
    password: passwordOf(name),
    call: (endpoint, args) => call(url, endpoint, { token, ...args } as CallArgs<typeof endpoint>),
    ok: (endpoint, args) => ok(url, endpoint, { token, ...args } as CallArgs<typeof endpoint>),
  };
}
