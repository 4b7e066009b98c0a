import type { AuthQuestion } from "./auth-question.ts";
import { checkThirdPartyInvite } from "./check-third-party-invite.ts";
import { membershipOf, own } from "./fields.ts";
import type { PowerLevels } from "./power-levels.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** Rule 5.4 (4.4 in versions 8 to 11, 4.3 in 6 and 7, 5.3 before). */
export function checkInvite(
  question: AuthQuestion,
  { target, levels }: { readonly target: string; readonly levels: PowerLevels },
): AuthVerdict {
  const { version, event, authState } = question;

  // 1. If content has a third_party_invite property: that settles it.
  const thirdPartyInvite = own(event.content, "third_party_invite");
  if (thirdPartyInvite !== undefined) return checkThirdPartyInvite(question, { target, thirdPartyInvite });

  // 2. If the sender's current membership state is not join, reject.
  if (membershipOf(authState("m.room.member", event.sender)) !== "join") {
    return refuse(version, "member.invite.sender", "The sender is not in the room");
  }

  // 3. If target user's current membership state is join or ban, reject.
  const membership = membershipOf(authState("m.room.member", target));
  if (membership === "join" || membership === "ban") {
    return refuse(version, "member.invite.target", `The invited user's membership is ${membership}`);
  }

  // 4. If the sender's power level is greater than or equal to the invite level, allow.
  if (levels.userLevel(event.sender) >= levels.actionLevel("invite")) return ALLOWED;

  // 5. Otherwise, reject.
  return refuse(version, "member.invite.otherwise", "The sender's power level is too low to invite");
}
