import type { AuthQuestion } from "./auth-question.ts";
import { membershipOf } from "./fields.ts";
import type { PowerLevels } from "./power-levels.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** Rule 5.5 (4.5 in versions 8 to 11, 4.4 in 6 and 7, 5.4 before): leaving, declining, kicking and unbanning. */
export function checkLeave(
  { version, event, authState }: AuthQuestion,
  { target, levels }: { readonly target: string; readonly levels: PowerLevels },
): AuthVerdict {
  const membership = membershipOf(authState("m.room.member", target));

  // 1. If the sender matches state_key, allow if and only if that user's current membership state is invite, join,
  //    or since version 7 knock.
  if (event.sender === target) {
    return membership === "invite" || membership === "join" || (membership === "knock" && version.knock)
      ? ALLOWED
      : refuse(version, "member.leave.self", "The user is not in the room");
  }

  // 2. If the sender's current membership state is not join, reject.
  if (membershipOf(authState("m.room.member", event.sender)) !== "join") {
    return refuse(version, "member.leave.sender", "The sender is not in the room");
  }

  // 3. If the target user's current membership state is ban, and the sender's power level is less than the ban
  //    level, reject.
  const level = levels.userLevel(event.sender);
  if (membership === "ban" && !(level >= levels.actionLevel("ban"))) {
    return refuse(version, "member.leave.banned", "The sender's power level is too low to unban");
  }

  // 4. If the sender's power level is greater than or equal to the kick level, and the target user's power level is
  //    less than the sender's power level, allow.
  if (level >= levels.actionLevel("kick") && levels.userLevel(target) < level) return ALLOWED;

  // 5. Otherwise, reject.
  return refuse(version, "member.leave.otherwise", "The sender's power level is too low to remove this user");
}
