import { forbidden, type RoomId, stateMapKey, type UserId } from "@croft/protocol";
import type { StateGroup, StoredEvent } from "@croft/storage";
import { clientEventText } from "../client-event/client-event-text.ts";
import type { HistoryDeps } from "../history/history-deps.ts";
import { parsePaginationToken } from "../history/pagination-token.ts";
import { topologicalBounds } from "../history/topological-bounds.ts";
import { type RoomAccess, roomAccess } from "../visibility/room-access.ts";
import { StateAtEvents } from "../visibility/state-at-events.ts";
import { visibleEvents } from "../visibility/visible-events.ts";

export type StateQuestion = { readonly requester: UserId; readonly roomId: RoomId };

/**
 * The state a user may read: the current one, for those who left the one they left, or that at a token, if they may see
 * what happened last before it. Throws `M_FORBIDDEN` for others.
 */
export async function readableState(
  deps: Pick<HistoryDeps, "storage">,
  { requester, roomId, at }: StateQuestion & { readonly at?: string | undefined },
): Promise<{ group: StateGroup; access: RoomAccess }> {
  const access = await roomAccess(deps, { roomId, userId: requester });
  const { rooms, events } = deps.storage.read;
  if (at === undefined && !Number.isFinite(access.upTo)) {
    return { group: (await rooms.head(roomId))?.stateGroup ?? 0, access };
  }
  const readableUpTo = Math.min(access.upTo, deps.storage.position());
  const from = at === undefined ? undefined : parsePaginationToken(at);
  const bounds = await topologicalBounds(
    { events },
    { roomId, direction: "b", from, to: undefined, upTo: readableUpTo },
  );
  const [last] =
    bounds.from === undefined
      ? await events.latest({ roomId, after: Number.MIN_SAFE_INTEGER, upTo: bounds.upTo, limit: 1 })
      : await events.page({ roomId, direction: "b", from: bounds.from, upTo: bounds.upTo, limit: 1 });
  if (last !== undefined && at !== undefined) {
    const stateAt = new StateAtEvents(deps.storage.read);
    const [visible] = await visibleEvents({ stateAt }, { events: [last], reader: access });
    if (visible === undefined) throw forbidden("You may not see the room as it was then");
  }
  return { group: last?.stateAfter ?? 0, access };
}

/** One state event as far as the user may read it. */
export async function readableStateEvent(
  deps: Pick<HistoryDeps, "storage">,
  { type, stateKey, ...question }: StateQuestion & { readonly type: string; readonly stateKey: string },
): Promise<{ event: StoredEvent | undefined; access: RoomAccess }> {
  const { group, access } = await readableState(deps, question);
  const { roomState, events } = deps.storage.read;
  const eventId = await roomState.get(group, stateMapKey(type, stateKey));
  return { event: eventId === undefined ? undefined : await events.byId(eventId), access };
}

/**
 * State as a list of client events. What `unsigned` could say of each one's past is left out: nobody asks a list of
 * thousands of members for it, and it would cost as many look-ups.
 */
export function stateEventTexts(events: readonly StoredEvent[], now: number): string {
  const form = { withRoomId: true, redactsInContent: false };
  return `[${events.map((event) => clientEventText(event, form, { age: now - event.originServerTs })).join(",")}]`;
}
