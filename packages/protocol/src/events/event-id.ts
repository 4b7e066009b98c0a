import { unpaddedBase64, urlSafeUnpaddedBase64 } from "../canonical-json/base64.ts";
import { badJson } from "../errors.ts";
import type { EventId, RoomId } from "../identifiers/types.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import type { Sha256 } from "../signing/crypto.ts";
import { essentialJson } from "./hashes.ts";
import type { Pdu } from "./pdu.ts";

/**
 * An event's id: written in it in room versions 1 and 2 (`M_BAD_JSON` where missing), its reference hash since.
 * https://spec.matrix.org/v1.19/rooms/v4/#event-ids
 */
export const eventIdOf = (pdu: Pdu, version: RoomVersion, sha256: Sha256): EventId =>
  version.eventFormat === "v1" ? writtenEventId(pdu) : eventIdOfText(essentialJson(pdu, version), version, sha256);

/** The id of a signed event whose {@link essentialJson} is at hand. Room versions 3 and later. */
export function eventIdOfText(essential: string, version: RoomVersion, sha256: Sha256): EventId {
  const hash = sha256(essential);
  return version.eventFormat === "v3" ? `$${unpaddedBase64(hash)}` : `$${urlSafeUnpaddedBase64(hash)}`;
}

/** The id a room version 1 or 2 event carries. */
export function writtenEventId({ event_id }: Pick<Pdu, "event_id">): EventId {
  if (event_id === undefined) throw badJson("The event has no event_id");
  return event_id;
}

/**
 * The id of the room that a create event makes: stated up to room version 11 (`M_BAD_JSON` where missing), the event's
 * own id with another sigil since. https://spec.matrix.org/v1.19/rooms/v12/#event-format
 */
export function roomIdOfCreate(pdu: Pdu, version: RoomVersion, sha256: Sha256): RoomId {
  if (version.roomIdIsCreateHash) return `!${eventIdOf(pdu, version, sha256).slice(1)}`;
  if (pdu.room_id === undefined) throw badJson("The event has no room_id");
  return pdu.room_id;
}
