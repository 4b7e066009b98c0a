import { forbidden, type ServerName, type UserId } from "@croft/protocol";
import type { Clock, Passwords } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { MIN_ADMIN_PASSWORD_LENGTH, requireUsablePassword } from "../registration/password-rules.ts";
import { newUserId } from "../registration/user-id.ts";
import { hashToken } from "../sessions/token-secrets.ts";

export type CompleteSetupDeps = {
  readonly storage: Storage<"accounts">;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly serverName: ServerName;
};

/** Makes the first account, an administrator. The token works once, however many ask at the same moment. */
export async function completeSetup(
  { storage, clock, passwords, serverName }: CompleteSetupDeps,
  { token, localpart, password }: { token: string; localpart: string; password: string },
): Promise<UserId> {
  const tokenHash = hashToken(token);
  if (!(await storage.read.accounts.isSetupToken(tokenHash, clock.now()))) throw linkDead();
  const userId = newUserId(serverName, localpart);
  requireUsablePassword(password, MIN_ADMIN_PASSWORD_LENGTH);
  const passwordHash = await passwords.hash(password);
  await storage.write(async (tx) => {
    const now = clock.now();
    if (!(await tx.accounts.isSetupToken(tokenHash, now))) throw linkDead();
    tx.accounts.takeSetupToken(tokenHash, now);
    tx.accounts.create({ userId, passwordHash, isAdmin: true, isGuest: false, createdTs: now });
  });
  return userId;
}

const linkDead = () =>
  forbidden("This setup link does not work any more. Restart the server for a new one, if it has no account yet.");
