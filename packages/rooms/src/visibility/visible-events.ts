import { stateMapKey, type UserId } from "@croft/protocol";
import type { StateGroup, StoredEvent } from "@croft/storage";
import { historyVisibilityOf, membershipOf } from "./membership-of.ts";
import type { StateAtEvents } from "./state-at-events.ts";

/** Who looks, and until where in the stream they took part: see `lastStayEnd`. */
export type Reader = {
  readonly userId: UserId;
  /** Infinity while joined, the position of the event that ended the last stay, undefined if there was none. */
  readonly stayEnd: number | undefined;
};

const HISTORY_VISIBILITY = stateMapKey("m.room.history_visibility", "");

/**
 * Those of a room's events that the reader may see, in the order given.
 * https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-5
 */
export async function visibleEvents(
  { stateAt }: { readonly stateAt: StateAtEvents },
  { events, reader }: { readonly events: readonly StoredEvent[]; readonly reader: Reader },
): Promise<StoredEvent[]> {
  const groups = new Set<StateGroup>();
  for (const event of events) groups.add(event.stateBefore).add(event.stateAfter);
  const [visibilities, members] = await Promise.all([
    stateAt.value(HISTORY_VISIBILITY, groups),
    stateAt.value(stateMapKey("m.room.member", reader.userId), groups),
  ]);
  const allows = (group: StateGroup, position: number) =>
    isAllowed({
      visibility: historyVisibilityOf(visibilities.get(group)),
      membership: membershipOf(members.get(group)),
      tookPart: reader.stayEnd !== undefined && position <= reader.stayEnd,
    });
  // Before and after differ for what decides here only at visibility events and the reader's own member events: the
  // very events that pass if either side allows them.
  return events.filter(
    (event) =>
      event.status === "accepted" &&
      (allows(event.stateBefore, event.position) ||
        (event.stateAfter !== event.stateBefore && allows(event.stateAfter, event.position))),
  );
}

/** `tookPart`: the event came before the end of the reader's last stay. */
function isAllowed({
  visibility,
  membership,
  tookPart,
}: {
  visibility: ReturnType<typeof historyVisibilityOf>;
  membership: string;
  tookPart: boolean;
}): boolean {
  // 1. If the history_visibility was set to world_readable, allow.
  if (visibility === "world_readable") return true;
  // 2. If the user's membership was join, allow; but nothing that was received after they left.
  if (membership === "join" && tookPart) return true;
  // 3. If history_visibility was set to shared, and the user joined at any point after the event was sent, allow.
  if (visibility === "shared" && tookPart) return true;
  // 4. If the user's membership was invite, and the history_visibility was set to invited, allow.
  if (visibility === "invited" && membership === "invite") return true;
  // 5. Otherwise, deny.
  return false;
}
