import { isJsonObject, isUserId, type JsonObject, type JsonValue, type UserId } from "@croft/protocol";
import type { Storage, StoredEvent } from "@croft/storage";

/** Whom a user ignores. https://spec.matrix.org/v1.19/client-server-api/#ignoring-users */
export async function ignoredUsers(
  { storage }: { readonly storage: Storage<"accountData"> },
  userId: UserId,
): Promise<ReadonlySet<UserId>> {
  const record = await storage.read.accountData.get({ userId, roomId: undefined, type: "m.ignored_user_list" });
  return record === undefined ? NOBODY : readIgnoredUsers(record.content);
}

/** From the account data's text; whatever is not as the spec has it ignores nobody. */
export function readIgnoredUsers(content: string): ReadonlySet<UserId> {
  const { ignored_users: ignored }: { readonly ignored_users?: JsonValue } = JSON.parse(content) as JsonObject;
  return isJsonObject(ignored) ? new Set(Object.keys(ignored).filter(isUserId)) : NOBODY;
}

/** Whether an event is left out for its sender. State events never are: the room looks the same to everyone. */
export const isIgnored = (event: StoredEvent, ignored: ReadonlySet<UserId>): boolean =>
  event.stateKey === undefined && ignored.has(event.sender);

const NOBODY: ReadonlySet<UserId> = new Set();
