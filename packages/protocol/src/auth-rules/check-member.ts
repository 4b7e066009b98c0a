import type { Pdu } from "../events/pdu.ts";
import { serverNameOf } from "../identifiers/identifiers.ts";
import type { AuthQuestion } from "./auth-question.ts";
import { checkBan } from "./check-ban.ts";
import { checkInvite } from "./check-invite.ts";
import { checkJoin } from "./check-join.ts";
import { checkKnock } from "./check-knock.ts";
import { checkLeave } from "./check-leave.ts";
import { isUserIdValue, own } from "./fields.ts";
import { powerLevelsOf } from "./power-levels.ts";
import { type AuthVerdict, refuse } from "./verdict.ts";

/** Rule 5 (4 in versions 6 to 11). */
export function checkMember(question: AuthQuestion, create: Pdu): AuthVerdict {
  const { version, event, authState, signatures } = question;

  // 1. If there is no state_key property, or no membership property in content, reject.
  const target = event.state_key;
  if (!isUserIdValue(target)) return refuse(version, "member.fields", "A membership needs a user id as state key");
  const membership = own(event.content, "membership");
  if (membership === undefined) return refuse(version, "member.fields", "The content has no membership");

  // 2. Since version 8: if content has a join_authorised_via_users_server property:
  //    1. If the event is not validly signed by the homeserver of that user, reject.
  if (version.restrictedJoin) {
    const authoriser = own(event.content, "join_authorised_via_users_server");
    if (authoriser !== undefined) {
      if (!isUserIdValue(authoriser) || !signatures.signedByServer(event, serverNameOf(authoriser))) {
        return refuse(version, "member.authorised.signature", "The authorising user's server has not signed the event");
      }
    }
  }

  const levels = powerLevelsOf({ version, create, powerLevels: authState("m.room.power_levels", "") });
  // 3. to 7.
  if (membership === "join") return checkJoin(question, { create, target, levels });
  if (membership === "invite") return checkInvite(question, { target, levels });
  if (membership === "leave") return checkLeave(question, { target, levels });
  if (membership === "ban") return checkBan(question, { target, levels });
  if (membership === "knock" && version.knock) return checkKnock(question, target);
  // 8. Otherwise, the membership is unknown. Reject.
  return refuse(version, "member.unknown", "The membership is unknown");
}
