import { forbidden, type RoomId, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { TypingUsers } from "./typing-users.ts";

export type SetTypingDeps = { readonly storage: Storage<"memberships">; readonly typing: TypingUsers };

/** Milliseconds, where the client does not say for how long. */
const DEFAULT_TIMEOUT = 30_000;

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidtypinguserid */
export async function setTyping(
  { storage, typing }: SetTypingDeps,
  args: {
    readonly requester: UserId;
    readonly userId: UserId;
    readonly roomId: RoomId;
    readonly isTyping: boolean;
    readonly timeout?: number | undefined;
  },
): Promise<void> {
  const { requester, userId, roomId, isTyping, timeout = DEFAULT_TIMEOUT } = args;
  if (requester !== userId) throw forbidden("You can only say that you are typing yourself");
  const membership = await storage.read.memberships.get(roomId, userId);
  if (membership?.membership !== "join") throw forbidden("You are not in this room");
  if (isTyping && timeout > 0) typing.start(roomId, userId, timeout);
  else typing.stop(roomId, userId);
}
