import type { Pdu } from "../events/pdu.ts";
import { serverNameOf } from "../identifiers/identifiers.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { roomVersion } from "../room-versions/room-versions.ts";
import { isUserIdValue, own } from "./fields.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** Rule 1. */
export function checkCreate(version: RoomVersion, event: Pdu): AuthVerdict {
  // 1. If it has any prev_events, reject.
  if (event.prev_events.length > 0) return refuse(version, "create.prevEvents", "The create event has predecessors");

  // 2. If the domain of the room_id does not match the domain of the sender, reject.
  //    Since version 12: if the event has a room_id, reject.
  if (version.roomIdIsCreateHash) {
    if (event.room_id !== undefined) return refuse(version, "create.roomId", "The create event has a room id");
  } else if (typeof event.room_id !== "string" || serverNameOf(event.room_id) !== serverNameOf(event.sender)) {
    return refuse(version, "create.roomId", "The room id is not of the sender's server");
  }

  // 3. If content.room_version is present and is not a recognised version, reject.
  const named = own(event.content, "room_version");
  if (named !== undefined && (typeof named !== "string" || roomVersion(named) === undefined)) {
    return refuse(version, "create.roomVersion", "The room version is not recognised");
  }

  // 4. Until version 10: if content has no creator property, reject.
  if (!version.implicitCreator && own(event.content, "creator") === undefined) {
    return refuse(version, "create.creator", "The create event names no creator");
  }

  // 4. Since version 12: if additional_creators is present and is not an array of valid user ids, reject.
  if (version.privilegedCreators) {
    const additional = own(event.content, "additional_creators");
    if (additional !== undefined && !(Array.isArray(additional) && additional.every(isUserIdValue))) {
      return refuse(version, "create.additionalCreators", "The additional creators are not a list of user ids");
    }
  }

  // 5. Otherwise, allow.
  return ALLOWED;
}
