import type { Pdu } from "../events/pdu.ts";
import type { EventId } from "../identifiers/types.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import type { EventSource } from "./event-source.ts";

/** The create event that an event takes for its room's: the one it cites, from version 12 the one its room id names. */
export function createEventIdOf(
  version: RoomVersion,
  source: EventSource,
  eventId: EventId,
  event: Pdu,
): EventId | undefined {
  if (event.type === "m.room.create") return eventId;
  if (version.roomIdIsCreateHash) return event.room_id === undefined ? undefined : `$${event.room_id.slice(1)}`;
  return source.authEvents(eventId).find((authEvent) => source.event(authEvent).type === "m.room.create");
}
