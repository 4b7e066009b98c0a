import type { RateLimiter } from "@croft/http";
import type { ServerName } from "@croft/protocol";
import type { Clock, Lifecycle, Passwords, Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { finishDepartures } from "./deactivation/finish-departures.ts";
import type { DeviceKeys, PushRules, RoomMemberships } from "./ports.ts";
import type { RegistrationSettings } from "./registration/settings.ts";
import { AccessTokens } from "./sessions/access-tokens.ts";
import { LastSeenLog } from "./sessions/last-seen-log.ts";

export type AccountsStorage = Storage<
  | "accountData"
  | "accounts"
  | "devices"
  | "filters"
  | "interactiveAuth"
  | "pendingProfiles"
  | "profiles"
  | "registrationTokens"
  | "sessions"
>;

export type AccountsDeps = {
  readonly storage: AccountsStorage;
  readonly clock: Clock;
  readonly random: Random;
  readonly passwords: Passwords;
  readonly serverName: ServerName;
  readonly registration: RegistrationSettings;
  readonly memberships: RoomMemberships;
  readonly deviceKeys: DeviceKeys;
  readonly pushRules: PushRules;
  /** Absent: no limits but those of each address. */
  readonly rateLimiter?: Pick<RateLimiter, "take"> | undefined;
};

/** Everything a use case of this package may ask for; each takes the part it names. */
export type Accounts = AccountsDeps & { readonly accessTokens: AccessTokens; readonly lastSeen: LastSeenLog };

export function createAccounts(deps: AccountsDeps): Accounts {
  const lastSeen = new LastSeenLog(deps);
  return { ...deps, lastSeen, accessTokens: new AccessTokens({ ...deps, lastSeen }) };
}

const LAST_SEEN_EVERY_MS = 60_000;
const DEPARTURES_EVERY_MS = 60_000;
const PURGE_EVERY_MS = 60 * 60_000;
/** How long a replaced refresh token is still known for stolen when it appears. */
const RETIRED_KEPT_MS = 7 * 24 * 60 * 60_000;

/** Starts what accounts do in the background; what a crash left half done is finished by it soon. */
export function startAccounts(accounts: Accounts, lifecycle: Lifecycle): void {
  const { storage, clock, lastSeen } = accounts;
  lifecycle.onStop("last seen", () => lastSeen.flush());
  lifecycle.every(clock, LAST_SEEN_EVERY_MS, "last seen", () => lastSeen.flush());
  lifecycle.every(clock, PURGE_EVERY_MS, "expired sessions", () =>
    storage.write(async (tx) => {
      tx.interactiveAuth.purgeExpired(clock.now());
      tx.sessions.purgeRetired(clock.now() - RETIRED_KEPT_MS);
    }),
  );
  lifecycle.every(clock, DEPARTURES_EVERY_MS, "departures", () => finishDepartures(accounts));
}
