import type { Requester } from "@croft/http";
import { forbidden, type UserId } from "@croft/protocol";

/** What a user keeps here is nobody else's to read or change. */
export function requireOwn(requester: Requester, userId: UserId): void {
  if (requester.userId !== userId) throw forbidden("This belongs to another user");
}
