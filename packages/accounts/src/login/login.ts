import type { RateLimiter } from "@croft/http";
import { forbidden, MatrixError, missingParam, type ServerName, type UserId } from "@croft/protocol";
import type { Clock, Passwords, Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import type { DeviceKeys } from "../ports.ts";
import type { AccessTokens } from "../sessions/access-tokens.ts";
import { type ClientDevice, type StartedSession, startSession } from "../sessions/start-session.ts";
import { userLocked } from "../sessions/token-errors.ts";
import { checkPassword, userIdMeant } from "./check-password.ts";

export type LoginDeps = {
  readonly storage: Storage<"accounts" | "devices" | "sessions">;
  readonly clock: Clock;
  readonly random: Random;
  readonly passwords: Passwords;
  readonly serverName: ServerName;
  readonly accessTokens: Pick<AccessTokens, "forget">;
  readonly deviceKeys: Pick<DeviceKeys, "isCrossSigningKey">;
  /** Absent: no limits. */
  readonly rateLimiter?: Pick<RateLimiter, "take"> | undefined;
};

export type LoginRequest = {
  readonly type: string;
  /** User id or localpart; undefined where somebody is named in a way this server does not know. */
  readonly name: string | undefined;
  readonly password: string | undefined;
  readonly device: ClientDevice;
};

export const LOGIN_TYPES = ["m.login.password"] as const;

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3login */
export async function login(
  deps: LoginDeps,
  { type, name, password, device }: LoginRequest,
): Promise<{ readonly userId: UserId; readonly session: StartedSession }> {
  const { storage, accessTokens, deviceKeys } = deps;
  if (type !== "m.login.password") throw new MatrixError("M_UNKNOWN", "Unknown login type", { status: 400 });
  if (password === undefined) throw missingParam("password is missing in the body");
  limitGuesses(deps, name);
  const account = await checkPassword(deps, { name, password });
  const passwordHash = account?.passwordHash;
  if (!account || passwordHash === undefined) throw wrongPassword();
  const { userId, locked } = account;
  if (locked) throw userLocked();
  if (device.deviceId !== undefined && (await deviceKeys.isCrossSigningKey(userId, device.deviceId))) {
    throw forbidden("A device cannot have the id of a cross-signing key");
  }
  const session = await storage.write(async (tx) => {
    if ((await tx.accounts.get(userId))?.passwordHash !== passwordHash) throw wrongPassword();
    tx.accounts.requirePassword(userId, passwordHash);
    return startSession(tx, deps, { userId, device });
  });
  accessTokens.forget(userId, [session.deviceId]);
  return { userId, session };
}

/** Whoever guesses from many addresses is slowed down too; the devices that are logged in notice nothing. */
function limitGuesses({ rateLimiter, serverName }: LoginDeps, name: string | undefined): void {
  const userId = name === undefined ? undefined : userIdMeant(name, serverName);
  if (userId) rateLimiter?.take("login", `as ${userId.toLowerCase()}`);
}

const wrongPassword = () => forbidden("Wrong user name or password");
