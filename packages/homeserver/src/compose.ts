import { accountsRoutes, createAccounts, createSetupToken, localAccountsRoutes, startAccounts } from "@croft/accounts";
import {
  discardedToDevice,
  type E2eeDeps,
  e2eeRoutes,
  forgetClaimedKeys,
  forgetTransactions,
  keptKeys,
  unreachableKeys,
} from "@croft/e2ee";
import { addressReader, defaultRates, RateLimiter, RequestHandler } from "@croft/http";
import { createMedia, mediaRoutes, startMedia } from "@croft/media";
import { MatrixError } from "@croft/protocol";
import { createNotificationJudge, OwnRules, pushRoutes, pushRulesContent } from "@croft/push";
import {
  createRooms,
  forgetSentTransactions,
  roomReadsRoutes,
  roomsRoutes,
  startRooms,
  storedProfiles,
  TypingUsers,
} from "@croft/rooms";
import {
  argon2Passwords,
  type Clock,
  ed25519Verifier,
  Lifecycle,
  type Logger,
  PASSWORD_COST,
  type PasswordCost,
  type Random,
  sha256,
} from "@croft/runtime";
import { type OpenStorage, StorageUnavailable } from "@croft/storage";
import { createSync, syncRoutes } from "@croft/sync";
import { healthRoutes } from "./health/routes.ts";
import { metricsText } from "./metrics/metrics-text.ts";
import { ResponseTimes } from "./metrics/response-times.ts";
import { claimDatabase, serverSigningKey } from "./server-identity.ts";
import { serverInformationRoutes } from "./server-information/routes.ts";
import type { HomeserverSettings } from "./settings.ts";
import { noAliasServers, noRemoteMedia, noRemoteServers } from "./without-federation.ts";

const HOUR_MS = 3_600_000;

export type HomeserverDeps = {
  readonly settings: HomeserverSettings;
  readonly storage: OpenStorage;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Croft's version, as shown to people. */
  readonly version: string;
  /** Less makes tests quick, and guessing too. */
  readonly passwordCost?: PasswordCost;
};

/** Everything between a request and the storage. Who listens where is decided outside. */
export type Homeserver = {
  /** The endpoints for the network. */
  readonly requests: RequestHandler;
  /** The endpoints for who may write in the data folder. */
  readonly localRequests: RequestHandler;
  /** Makes the token of a new setup link; undefined once there is an account. */
  createSetupToken(): Promise<string | undefined>;
  /** Ends what waits, lets the rest finish, then stops background work. The storage stays open. */
  stop(): Promise<void>;
};

/** The composition root: builds every part, each from those before it. */
export async function createHomeserver(deps: HomeserverDeps): Promise<Homeserver> {
  const { settings, storage, clock, random, logger, version, passwordCost = PASSWORD_COST } = deps;
  const { serverName } = settings;
  await claimDatabase({ storage }, serverName);
  const signingKey = await serverSigningKey({ storage }, { random });
  const lifecycle = new Lifecycle({ logger });
  const passwords = argon2Passwords({ random, cost: passwordCost });

  const verify = ed25519Verifier();
  const ownRules = new OwnRules({ storage });
  const typing = new TypingUsers({ clock });
  lifecycle.onStop("typing", () => typing[Symbol.dispose]());
  const rooms = createRooms({
    storage,
    clock,
    random,
    logger,
    serverName,
    signingKey,
    sha256,
    verify,
    judge: createNotificationJudge({ ownRules, serverName }),
    typing,
    profiles: storedProfiles({ storage }),
    remote: noRemoteServers,
    aliasServers: noAliasServers,
  });

  const registration = { ...settings.registration, guests: false };
  const rateLimiter = settings.rateLimitsEnabled ? new RateLimiter({ clock, rates: defaultRates }) : undefined;
  const kept = keptKeys({ storage });
  const accounts = createAccounts({
    storage,
    clock,
    random,
    passwords,
    serverName,
    registration,
    memberships: rooms.memberships,
    deviceKeys: {
      ...kept,
      async deleteDevices(userId, deviceIds) {
        await kept.deleteDevices(userId, deviceIds);
        await forgetSentTransactions(rooms, { userId, deviceIds });
      },
    },
    pushRules: { content: pushRulesContent },
    rateLimiter,
  });

  const e2ee: E2eeDeps = {
    storage,
    clock,
    random,
    passwords,
    serverName,
    verify,
    remoteKeys: unreachableKeys,
    remoteToDevice: discardedToDevice,
  };
  lifecycle.every(clock, HOUR_MS, "old to-device transactions", () => forgetTransactions({ storage, clock }));
  lifecycle.every(clock, HOUR_MS, "claimed one-time keys", () => forgetClaimedKeys({ storage, clock }));

  const media = createMedia({
    storage,
    clock,
    random,
    serverName,
    folder: settings.mediaFolder,
    maxUploadBytes: settings.maxUploadBytes,
    remote: noRemoteMedia,
  });

  const sync = createSync({
    storage,
    clock,
    typing,
  });
  lifecycle.onStop("sync", () => sync[Symbol.dispose]());

  const information = serverInformationRoutes({ settings, version });
  const responseTimes = new ResponseTimes();
  const handled = {
    authenticate: accounts.accessTokens.authenticate,
    clock,
    logger,
    addressOf: addressReader(settings.trustedProxies),
    refusalFor,
  };
  const health = healthRoutes({
    parts: { storage: () => storage.health() },
    metricsText: metricsText({ responseTimes, inFlight: () => requests.inFlight, storage, version }),
  });
  const requests = new RequestHandler({
    ...handled,
    routes: [
      ...information,
      ...accountsRoutes(accounts),
      ...roomsRoutes(rooms),
      ...roomReadsRoutes({ storage, clock, typing }),
      ...pushRoutes({ storage, ownRules }),
      ...syncRoutes(sync),
      ...e2eeRoutes(e2ee),
      ...mediaRoutes(media),
      ...health,
    ],
    rateLimiter,
    onAnswered: responseTimes.add,
  });
  const localRequests = new RequestHandler({
    ...handled,
    routes: [...health, ...information, ...localAccountsRoutes(accounts)],
  });

  startAccounts(accounts, lifecycle);
  startRooms(rooms, lifecycle);
  await startMedia(media, lifecycle);
  return {
    requests,
    localRequests,
    createSetupToken: () => createSetupToken({ storage, clock, random }),
    async stop() {
      await Promise.all([requests.drain(), localRequests.drain()]);
      await lifecycle[Symbol.asyncDispose]();
    },
  };
}

/** A disk that is full is no bug of ours: whoever waits for the write is told. What else there is to know is logged. */
function refusalFor(error: unknown): MatrixError | undefined {
  if (!(error instanceof StorageUnavailable)) return undefined;
  return new MatrixError("M_UNKNOWN", error.forCallers, { status: 503 });
}
