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
  const account = name === undefined ? undefined : await findAccount(deps, name);
  return (await deps.passwords.verify(password, account?.passwordHash)) ? account : undefined;
}

/** Capitals are forgiven, unless somebody's historical id is spelt with them. */
async function findAccount(
  { storage, serverName }: CheckPasswordDeps,
  name: string,
): Promise<AccountRecord | undefined> {
  const userId = name.startsWith("@") ? name : `@${name}:${serverName}`;
  if (!isUserId(userId) || !userId.endsWith(`:${serverName}`)) return undefined;
  return (await storage.read.accounts.get(userId)) ?? storage.read.accounts.get(inSmallLetters(userId, serverName));
}

const inSmallLetters = (userId: UserId, serverName: ServerName): UserId =>
  `@${userId.slice(1, -serverName.length - 1).toLowerCase()}:${serverName}`;
