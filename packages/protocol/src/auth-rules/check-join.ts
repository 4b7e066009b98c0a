import { prevEventIds } from "../events/edges.ts";
import type { Pdu } from "../events/pdu.ts";
import type { JsonValue } from "../json.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import type { AuthQuestion } from "./auth-question.ts";
import { joinRuleOf, membershipOf, own, stringIn } from "./fields.ts";
import type { PowerLevels } from "./power-levels.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** Who may join right after the create event: one user, in version 12 too. */
const firstMember = (version: RoomVersion, create: Pdu): JsonValue | undefined =>
  version.implicitCreator ? create.sender : own(create.content, "creator");

/** Rule 5.3 (4.3 in versions 8 to 11, 4.2 in 6 and 7, 5.2 before). */
export function checkJoin(
  { version, event, authState, createEventId }: AuthQuestion,
  { create, target, levels }: { readonly create: Pdu; readonly target: string; readonly levels: PowerLevels },
): AuthVerdict {
  // 1. If the only previous event is an m.room.create and the state_key is the creator, allow.
  if (
    createEventId !== undefined &&
    event.prev_events.length === 1 &&
    prevEventIds(event)[0] === createEventId &&
    firstMember(version, create) === target
  ) {
    return ALLOWED;
  }

  // 2. If the sender does not match state_key, reject.
  if (event.sender !== target) return refuse(version, "member.join.sender", "Nobody joins for another user");

  // 3. If the sender is banned, reject.
  const membership = membershipOf(authState("m.room.member", target));
  if (membership === "ban") return refuse(version, "member.join.banned", "The user is banned from the room");

  const joinRule = joinRuleOf(authState("m.room.join_rules", ""));
  const isMember = membership === "invite" || membership === "join";

  // 4. If the join_rule is invite, or since version 7 knock, then allow if membership state is invite or join.
  if ((joinRule === "invite" || (joinRule === "knock" && version.knock)) && isMember) return ALLOWED;

  // 5. Since version 8: if the join_rule is restricted, or since version 10 knock_restricted:
  if (
    (joinRule === "restricted" && version.restrictedJoin) ||
    (joinRule === "knock_restricted" && version.knockRestrictedJoin)
  ) {
    // 1. If membership state is join or invite, allow.
    if (isMember) return ALLOWED;
    // 2. If join_authorised_via_users_server is not a user with sufficient permission to invite other users or is
    //    not a joined member of the room, reject.
    const authoriser = stringIn(event.content, "join_authorised_via_users_server");
    if (
      authoriser === undefined ||
      membershipOf(authState("m.room.member", authoriser)) !== "join" ||
      !(levels.userLevel(authoriser) >= levels.actionLevel("invite"))
    ) {
      return refuse(version, "member.join.restricted.authorised", "No member who may invite has authorised the join");
    }
    // 3. Otherwise, allow.
    return ALLOWED;
  }

  // 6. If the join_rule is public, allow.
  if (joinRule === "public") return ALLOWED;

  // 7. Otherwise, reject.
  return refuse(version, "member.join.otherwise", "The user is not invited to the room");
}
