import { invalidParam, isUserId, type ServerName, serverNameOf, type UserId } from "@croft/protocol";

/** What a request says of users, by whether they are of this server. Throws for what is no user id. */
export function partitionUsers<Said>(
  said: { readonly [userId: string]: Said },
  serverName: ServerName,
): { readonly local: Map<UserId, Said>; readonly remote: Map<UserId, Said> } {
  const local = new Map<UserId, Said>();
  const remote = new Map<UserId, Said>();
  for (const [userId, value] of Object.entries(said)) {
    if (!isUserId(userId)) throw invalidParam(`${userId.slice(0, 255)} is not a user id`);
    (serverNameOf(userId) === serverName ? local : remote).set(userId, value);
  }
  return { local, remote };
}
