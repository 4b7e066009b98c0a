import type { Pdu } from "../events/pdu.ts";
import type { JsonValue } from "../json.ts";
import type { AuthQuestion } from "./auth-question.ts";
import { isObject, membershipOf, objectIn, own, stringIn } from "./fields.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** Rule 5.4.1 (4.4.1 in versions 8 to 11, 4.3.1 in 6 and 7, 5.3.1 before): an invite that redeems one sent to an address. */
export function checkThirdPartyInvite(
  { version, event, authState, signatures }: AuthQuestion,
  { target, thirdPartyInvite }: { readonly target: string; readonly thirdPartyInvite: JsonValue },
): AuthVerdict {
  // 1. If target user is banned, reject.
  if (membershipOf(authState("m.room.member", target)) === "ban") {
    return refuse(version, "member.invite.thirdParty.banned", "The invited user is banned from the room");
  }

  // 2. If content.third_party_invite does not have a signed property, reject.
  const signed = isObject(thirdPartyInvite) ? objectIn(thirdPartyInvite, "signed") : undefined;
  if (signed === undefined) {
    return refuse(version, "member.invite.thirdParty.signed", "The third-party invite is not signed");
  }

  // 3. If signed does not have mxid and token properties, reject.
  const mxid = stringIn(signed, "mxid");
  const token = stringIn(signed, "token");
  if (mxid === undefined || token === undefined) {
    return refuse(version, "member.invite.thirdParty.fields", "The third-party invite lacks its mxid or token");
  }

  // 4. If mxid does not match state_key, reject.
  if (mxid !== target) {
    return refuse(version, "member.invite.thirdParty.mxid", "The third-party invite is for another user");
  }

  // 5. If there is no m.room.third_party_invite event in the current room state with state_key matching token, reject.
  const invitation = authState("m.room.third_party_invite", token);
  if (invitation === undefined) {
    return refuse(version, "member.invite.thirdParty.token", "The room knows no such third-party invite");
  }

  // 6. If sender does not match sender of the m.room.third_party_invite, reject.
  if (event.sender !== invitation.sender) {
    return refuse(version, "member.invite.thirdParty.sender", "The third-party invite was sent by another user");
  }

  // 7. If any signature in signed matches any public key in the m.room.third_party_invite event, allow.
  if (signatures.signedByKey(signed, publicKeysOf(invitation))) return ALLOWED;

  // 8. Otherwise, reject.
  return refuse(version, "member.invite.thirdParty.otherwise", "No key of the third-party invite made its signature");
}

/** The key in `public_key` and those in the list `public_keys`. */
function publicKeysOf({ content }: Pdu): readonly string[] {
  const list = own(content, "public_keys");
  const entries = Array.isArray(list) ? list : [];
  return [content, ...entries]
    .map((holder) => (isObject(holder) ? stringIn(holder, "public_key") : undefined))
    .filter((key) => key !== undefined);
}
