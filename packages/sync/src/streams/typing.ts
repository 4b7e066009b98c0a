import type { RoomId } from "@croft/protocol";
import type { TypingUsers } from "@croft/rooms";

/** Rooms where somebody began or stopped typing since a serial. */
export function typingChanges(typing: TypingUsers, since: number | undefined): ReadonlySet<RoomId> {
  if (since === undefined) return new Set();
  // A serial from the future is one from before the machine's clock was set back.
  return new Set(typing.changedSince(since > typing.serial ? 0 : since));
}
