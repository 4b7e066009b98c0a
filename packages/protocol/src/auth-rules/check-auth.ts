import type { Pdu } from "../events/pdu.ts";
import { serverNameOf } from "../identifiers/identifiers.ts";
import type { AuthQuestion } from "./auth-question.ts";
import { checkAliases } from "./check-aliases.ts";
import { checkCreate } from "./check-create.ts";
import { checkMember } from "./check-member.ts";
import { checkPowerLevels } from "./check-power-levels.ts";
import { checkRedaction } from "./check-redaction.ts";
import { membershipOf, own } from "./fields.ts";
import { powerLevelsOf } from "./power-levels.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/**
 * Whether the authorisation rules of a room version allow an event in a given state. Never throws for what an event or
 * the state holds. The choice of auth events is another question: `checkAuthEventsSelection`.
 *
 * Rules are commented with their numbers in version 12; a verdict bears the number of the event's own version.
 * https://spec.matrix.org/v1.19/rooms/v12/#authorization-rules
 */
export function checkAuth(question: AuthQuestion): AuthVerdict {
  const { version, event, authState, createEventId } = question;

  // 1. If type is m.room.create: ...
  if (event.type === "m.room.create") return checkCreate(version, event);

  // 2. Since version 12: if the event's room_id is not the id of an accepted create event with the sigil ! instead
  //    of $, reject. Until then the create event must be among the auth events (rule 2.4).
  const create = authState("m.room.create", "");
  if (version.roomIdIsCreateHash) {
    if (create === undefined || createEventId === undefined || event.room_id !== `!${createEventId.slice(1)}`) {
      return refuse(version, "roomId", "The room id is not that of an accepted create event");
    }
  } else if (create === undefined) {
    return refuse(version, "authEvents.create", "The room has no create event");
  }

  // 4. If the content of the create event has m.federate set to false, and the sender domain of the event does not
  //    match the sender domain of the create event, reject.
  if (own(create.content, "m.federate") === false && serverNameOf(event.sender) !== serverNameOf(create.sender)) {
    return refuse(version, "federate", "The room is not federated");
  }

  // Until version 5, 4. If type is m.room.aliases: ...
  if (version.specialAliases && event.type === "m.room.aliases") return checkAliases(version, event);

  // 5. If type is m.room.member: ...
  if (event.type === "m.room.member") return checkMember(question, create);

  // 6. If the sender's current membership state is not join, reject.
  if (membershipOf(authState("m.room.member", event.sender)) !== "join") {
    return refuse(version, "sender", "The sender is not in the room");
  }

  return checkLevels(question, create);
}

/** The rules about power: 7 to 11, and 11 of versions 1 and 2. */
function checkLevels({ version, event, authState }: AuthQuestion, create: Pdu): AuthVerdict {
  const current = authState("m.room.power_levels", "");
  const levels = powerLevelsOf({ version, create, powerLevels: current });
  const level = levels.userLevel(event.sender);

  // 7. If type is m.room.third_party_invite:
  //    1. Allow if and only if sender's current power level is greater than or equal to the invite level.
  if (event.type === "m.room.third_party_invite") {
    return level >= levels.actionLevel("invite")
      ? ALLOWED
      : refuse(version, "thirdPartyInvite.level", "The sender's power level is too low to invite");
  }

  // 8. If the event type's required power level is greater than the sender's power level, reject.
  if (!(level >= levels.eventLevel(event.type, event.state_key !== undefined))) {
    return refuse(version, "requiredLevel", `The sender's power level is too low to send ${event.type}`);
  }

  // 9. If the event has a state_key that starts with an @ and does not match the sender, reject.
  if (event.state_key?.startsWith("@") && event.state_key !== event.sender) {
    return refuse(version, "stateKey", "The state key is another user's");
  }

  // 10. If type is m.room.power_levels: ...
  if (event.type === "m.room.power_levels") return checkPowerLevels({ version, event, create, current, levels });

  // 11. In versions 1 and 2: if type is m.room.redaction: ...
  if (version.redactionAuthRule && event.type === "m.room.redaction") return checkRedaction(version, event, levels);

  // 11. Otherwise, allow.
  return ALLOWED;
}
