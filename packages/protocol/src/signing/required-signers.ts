import type { Pdu } from "../events/pdu.ts";
import { serverNameOf } from "../identifiers/identifiers.ts";
import type { ServerName, UserId } from "../identifiers/types.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";

/**
 * The servers whose signatures an event must bear: the sender's, but for an invite by third party id, which another
 * server may send on; that of the event id in room versions 1 and 2; that of the user who vouched for a restricted join.
 * https://spec.matrix.org/v1.19/server-server-api/#validating-hashes-and-signatures-on-received-events
 */
export function requiredSigners(pdu: Pdu, version: RoomVersion): ReadonlySet<ServerName> {
  const { type, content, sender, event_id } = pdu;
  const signers = new Set<ServerName>();
  const membership = type === "m.room.member" ? content["membership"] : undefined;
  if (membership !== "invite" || content["third_party_invite"] === undefined) signers.add(serverNameOf(sender));
  if (version.eventFormat === "v1" && event_id !== undefined) addServerOf(event_id, signers);
  if (version.restrictedJoin && membership === "join") {
    addServerOf(content["join_authorised_via_users_server"], signers);
  }
  return signers;
}

function addServerOf(id: unknown, signers: Set<ServerName>): void {
  const server = typeof id === "string" ? serverNameOf(id as UserId) : undefined;
  if (server !== undefined) signers.add(server);
}
