import { isUserId, type ServerName, type UserId } from "@croft/protocol";
import type { Passwords } from "@croft/runtime";
import type { AccountRecord, Storage } from "@croft/storage";

export type CheckPasswordDeps = {
  readonly storage: Storage<"accounts">;
  readonly passwords: Passwords;
  readonly serverName: ServerName;
};

/** The account whose password this is. Takes as long for a user there is not as for a wrong password. */
export async function checkPassword(
  deps: CheckPasswordDeps,
  { name, password }: { name: string | undefined; password: string },
): Promise<AccountRecord | undefined> {
  const userId = name === undefined ? undefined : userIdMeant(name, deps.serverName);
  const account = userId && (await findAccount(deps, userId));
  return (await deps.passwords.verify(password, account?.passwordHash)) ? account : undefined;
}

/** Whom a name means, be it a whole user id or a localpart; undefined where nobody here can be called so. */
export function userIdMeant(name: string, serverName: ServerName): UserId | undefined {
  const userId = name.startsWith("@") ? name : `@${name}:${serverName}`;
  return isUserId(userId) && userId.endsWith(`:${serverName}`) ? userId : undefined;
}

/** Capitals are forgiven, unless somebody's historical id is spelt with them. */
async function findAccount(
  { storage, serverName }: CheckPasswordDeps,
  userId: UserId,
): Promise<AccountRecord | undefined> {
  return (await storage.read.accounts.get(userId)) ?? storage.read.accounts.get(inSmallLetters(userId, serverName));
}

const inSmallLetters = (userId: UserId, serverName: ServerName): UserId =>
  `@${userId.slice(1, -serverName.length - 1).toLowerCase()}:${serverName}`;
