import type { AuthQuestion } from "./auth-question.ts";
import { joinRuleOf, membershipOf } from "./fields.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** Rule 5.7 (4.7 in versions 8 to 11, 4.6 in 7). */
export function checkKnock({ version, event, authState }: AuthQuestion, target: string): AuthVerdict {
  // 1. If the join_rule is anything other than knock, or since version 10 knock_restricted, reject.
  const joinRule = joinRuleOf(authState("m.room.join_rules", ""));
  if (joinRule !== "knock" && !(joinRule === "knock_restricted" && version.knockRestrictedJoin)) {
    return refuse(version, "member.knock.joinRule", "The room does not let users knock");
  }

  // 2. If sender does not match state_key, reject.
  if (event.sender !== target) return refuse(version, "member.knock.sender", "Nobody knocks for another user");

  // 3. If the sender's current membership is not ban, invite, or join, allow.
  const membership = membershipOf(authState("m.room.member", target));
  if (membership !== "ban" && membership !== "invite" && membership !== "join") return ALLOWED;

  // 4. Otherwise, reject.
  return refuse(version, "member.knock.otherwise", `The user's membership is ${membership}`);
}
