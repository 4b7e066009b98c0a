import type { Clock, Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { newTokenSecret } from "../sessions/token-secrets.ts";

export type CreateSetupTokenDeps = {
  readonly storage: Storage<"accounts">;
  readonly clock: Clock;
  readonly random: Random;
};

export const SETUP_TOKEN_LIFETIME_MS = 24 * 60 * 60_000;

/** A new token for the setup link, the only one that works from now on; undefined once there is an account. */
export async function createSetupToken({ storage, clock, random }: CreateSetupTokenDeps): Promise<string | undefined> {
  return storage.write(async (tx) => {
    if (await tx.accounts.any()) return undefined;
    const { token, hash } = newTokenSecret(random, "setup");
    tx.accounts.setSetupToken(hash, clock.now() + SETUP_TOKEN_LIFETIME_MS);
    return token;
  });
}
