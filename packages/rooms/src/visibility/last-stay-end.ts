import { stateMapKey } from "@croft/protocol";
import type { EventReader, MembershipRecord, StateMapReader } from "@croft/storage";
import { membershipOf } from "./membership-of.ts";

/** How many membership changes since the last stay are looked through (invited, declined, banned, unbanned, …). */
const MAX_HOPS = 100;

/**
 * Where in the stream a user's last stay in a room ended: Infinity while joined, undefined if they never joined. A
 * leaver keeps what they could see up to there.
 */
export async function lastStayEnd(
  { events, roomState }: { readonly events: EventReader; readonly roomState: StateMapReader },
  membership: MembershipRecord | undefined,
): Promise<number | undefined> {
  if (membership === undefined) return undefined;
  if (membership.membership === "join") return Number.POSITIVE_INFINITY;
  const key = stateMapKey("m.room.member", membership.userId);
  let event = await events.byId(membership.eventId);
  for (let hop = 0; event !== undefined && hop < MAX_HOPS; hop++) {
    const replacedId = await roomState.get(event.stateBefore, key);
    const replaced = replacedId === undefined ? undefined : await events.byId(replacedId);
    if (replaced !== undefined && membershipOf(replaced) === "join") return event.position;
    event = replaced;
  }
  return undefined;
}
