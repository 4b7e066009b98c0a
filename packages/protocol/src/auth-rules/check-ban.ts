import type { AuthQuestion } from "./auth-question.ts";
import { membershipOf } from "./fields.ts";
import type { PowerLevels } from "./power-levels.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** Rule 5.6 (4.6 in versions 8 to 11, 4.5 in 6 and 7, 5.5 before). */
export function checkBan(
  { version, event, authState }: AuthQuestion,
  { target, levels }: { readonly target: string; readonly levels: PowerLevels },
): AuthVerdict {
  // 1. If the sender's current membership state is not join, reject.
  if (membershipOf(authState("m.room.member", event.sender)) !== "join") {
    return refuse(version, "member.ban.sender", "The sender is not in the room");
  }

  // 2. If the sender's power level is greater than or equal to the ban level, and the target user's power level is
  //    less than the sender's power level, allow.
  const level = levels.userLevel(event.sender);
  if (level >= levels.actionLevel("ban") && levels.userLevel(target) < level) return ALLOWED;

  // 3. Otherwise, reject.
  return refuse(version, "member.ban.otherwise", "The sender's power level is too low to ban this user");
}
