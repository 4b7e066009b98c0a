import { type EventId, forbidden, notFound, type RoomId, type UserId } from "@croft/protocol";
import type { EventReader, MembershipReader, StoredEvent } from "@croft/storage";

/** The event a member marks as read. Throws `M_FORBIDDEN` for others, `M_NOT_FOUND` for what is not in the room. */
export async function receiptTarget(
  { events, memberships }: { readonly events: EventReader; readonly memberships: MembershipReader },
  { userId, roomId, eventId }: { readonly userId: UserId; readonly roomId: RoomId; readonly eventId: EventId },
): Promise<StoredEvent> {
  const [membership, event] = await Promise.all([memberships.get(roomId, userId), events.byId(eventId)]);
  if (membership?.membership !== "join") throw forbidden("You are not in this room");
  if (event === undefined || event.roomId !== roomId || event.status !== "accepted")
    throw notFound("There is no such event in this room");
  return event;
}
