import type { ServerName, UserId } from "@croft/protocol";
import type { Clock, Passwords } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { requireUsablePassword } from "./password-rules.ts";
import { newUserId, userInUse } from "./user-id.ts";

export type CreateUserDeps = {
  readonly storage: Storage<"accounts" | "profiles">;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly serverName: ServerName;
};

/** Makes an account on an operator's word, whatever the registration mode. */
export async function createUser(
  { storage, clock, passwords, serverName }: CreateUserDeps,
  {
    localpart,
    password,
    isAdmin,
    displayname,
  }: {
    readonly localpart: string;
    readonly password: string;
    readonly isAdmin: boolean;
    readonly displayname?: string | undefined;
  },
): Promise<UserId> {
  const userId = newUserId(serverName, localpart);
  if (await storage.read.accounts.get(userId)) throw userInUse();
  requireUsablePassword(password);
  const passwordHash = await passwords.hash(password);
  await storage.write(async (tx) => {
    if (await tx.accounts.get(userId)) throw userInUse();
    tx.accounts.create({ userId, passwordHash, isAdmin, isGuest: false, createdTs: clock.now() });
    if (displayname !== undefined) tx.profiles.replace(userId, { displayname }, undefined);
  });
  return userId;
}
