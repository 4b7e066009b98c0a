import type { Clock, Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import type { AccessTokens } from "./access-tokens.ts";
import { type IssuedTokens, issueTokens } from "./issue-tokens.ts";
import { softLogout, unknownToken, userLocked } from "./token-errors.ts";
import { hashToken } from "./token-secrets.ts";

export type RefreshDeps = {
  readonly storage: Storage<"sessions">;
  readonly clock: Clock;
  readonly random: Random;
  readonly accessTokens: Pick<AccessTokens, "forget">;
};

/**
 * Exchanges a refresh token for new tokens. It stays valid until one of them is used, so that a client that lost the
 * reply can ask again; after that, whoever presents it holds a stolen copy or was robbed: the session ends.
 * https://spec.matrix.org/v1.19/client-server-api/#refreshing-access-tokens
 */
export async function refresh(deps: RefreshDeps, { refreshToken }: { refreshToken: string }): Promise<IssuedTokens> {
  const { storage, clock, accessTokens } = deps;
  const hash = hashToken(refreshToken);
  const { userId, deviceId, tokens } = await storage.write(async (tx) => {
    const owner = await tx.sessions.byRefreshToken(hash);
    if (!owner || owner.deactivated) throw unknownToken();
    if (owner.locked) throw userLocked();
    const { userId, deviceId, tokenId, supersedes } = owner;
    const now = clock.now();
    if (owner.retired) {
      tx.sessions.retireDevice(userId, deviceId, now);
      tx.touch({ userId, deviceId });
      return { userId, deviceId, tokens: undefined };
    }
    if (supersedes === undefined) tx.sessions.requireCurrent(tokenId);
    else tx.sessions.confirm({ tokenId, supersedes, now });
    const tokens = issueTokens(tx, deps, { userId, deviceId, refresh: true, supersedes: tokenId });
    return { userId, deviceId, tokens };
  });
  accessTokens.forget(userId, [deviceId]);
  if (!tokens) throw softLogout("This refresh token has been used before");
  return tokens;
}
