import type { Pdu } from "@croft/protocol";
import type { MembershipValue } from "@croft/storage";

const VALUES: ReadonlySet<unknown> = new Set<MembershipValue>(["join", "invite", "leave", "ban", "knock"]);

export const isMembership = (value: unknown): value is MembershipValue => VALUES.has(value);

/** What a member event says its user is; undefined where there is none or it says nothing known. */
export function membershipIn(member: Pick<Pdu, "content"> | undefined): MembershipValue | undefined {
  const membership = member?.content["membership"];
  return isMembership(membership) ? membership : undefined;
}
