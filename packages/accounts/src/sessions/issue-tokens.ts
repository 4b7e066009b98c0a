import type { DeviceId, UserId } from "@croft/protocol";
import type { Clock, Random } from "@croft/runtime";
import type { Stores } from "@croft/storage";
import { newTokenSecret } from "./token-secrets.ts";

/** What a client is given, as `login`, `register` and `refresh` spell it. */
export type IssuedTokens = {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresInMs: number | undefined;
};

/** For clients that can refresh; the others' tokens do not expire. */
export const ACCESS_TOKEN_LIFETIME_MS = 5 * 60_000;

export function issueTokens(
  tx: Pick<Stores, "sessions">,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  {
    userId,
    deviceId,
    refresh,
    supersedes,
  }: { readonly userId: UserId; readonly deviceId: DeviceId; readonly refresh: boolean; readonly supersedes?: number },
): IssuedTokens {
  const access = newTokenSecret(random, "access");
  const refreshing = refresh ? newTokenSecret(random, "refresh") : undefined;
  const createdTs = clock.now();
  tx.sessions.create({
    userId,
    deviceId,
    accessHash: access.hash,
    accessExpiresTs: refresh ? createdTs + ACCESS_TOKEN_LIFETIME_MS : undefined,
    refreshHash: refreshing?.hash,
    supersedes,
    createdTs,
  });
  return {
    accessToken: access.token,
    refreshToken: refreshing?.token,
    expiresInMs: refresh ? ACCESS_TOKEN_LIFETIME_MS : undefined,
  };
}
