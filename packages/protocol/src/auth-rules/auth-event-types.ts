import type { Pdu } from "../events/pdu.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { objectIn, own, stringIn } from "./fields.ts";

export type StateKeyPair = readonly [type: string, stateKey: string];

/**
 * The state an event must cite in `auth_events`, as far as the room has it; no pair twice. Nothing for a create event,
 * and from version 12 a create event is never cited.
 * https://spec.matrix.org/v1.19/server-server-api/#auth-events-selection
 */
export function authEventTypes(
  event: Pick<Pdu, "type" | "sender" | "content" | "state_key">,
  version: RoomVersion,
): readonly StateKeyPair[] {
  if (event.type === "m.room.create") return [];
  const pairs: StateKeyPair[] = [];
  // The m.room.create event, until version 11.
  if (!version.roomIdIsCreateHash) pairs.push(["m.room.create", ""]);
  // The current m.room.power_levels event, if any.
  pairs.push(["m.room.power_levels", ""]);
  // The sender's current m.room.member event, if any.
  pairs.push(["m.room.member", event.sender]);
  if (event.type !== "m.room.member") return pairs;

  // The target's current m.room.member event, if any.
  const target = event.state_key;
  if (target !== undefined && target !== event.sender) pairs.push(["m.room.member", target]);

  // If membership is join, invite or knock, the current m.room.join_rules event, if any.
  const membership = own(event.content, "membership");
  if (membership === "join" || membership === "invite" || membership === "knock") pairs.push(["m.room.join_rules", ""]);

  // If membership is invite and content contains a third_party_invite property, the m.room.third_party_invite event
  // with state_key matching its token.
  if (membership === "invite") {
    const signed = objectIn(objectIn(event.content, "third_party_invite") ?? {}, "signed");
    const token = signed === undefined ? undefined : stringIn(signed, "token");
    if (token !== undefined) pairs.push(["m.room.third_party_invite", token]);
  }

  // Since version 8, if membership is join and join_authorised_via_users_server is present, that user's membership.
  if (membership === "join" && version.restrictedJoin) {
    const authoriser = stringIn(event.content, "join_authorised_via_users_server");
    if (authoriser !== undefined && authoriser !== event.sender && authoriser !== target) {
      pairs.push(["m.room.member", authoriser]);
    }
  }
  return pairs;
}
