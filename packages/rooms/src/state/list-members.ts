import type { EventId } from "@croft/protocol";
import type { StoredEvent } from "@croft/storage";
import { eventContent } from "../client-event/event-content.ts";
import type { HistoryDeps } from "../history/history-deps.ts";
import { requireMember } from "../membership/require-member.ts";
import { membershipOf } from "../visibility/membership-of.ts";
import { readableState, type StateQuestion, stateEventTexts } from "./readable-state.ts";

export type ListMembersArgs = StateQuestion & {
  readonly at?: string | undefined;
  readonly membership?: string | undefined;
  readonly notMembership?: string | undefined;
};

/** The reply's JSON text. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmembers */
export async function listMembers(deps: HistoryDeps, args: ListMembersArgs): Promise<string> {
  const { roomState, events } = deps.storage.read;
  const { group } = await readableState(deps, args);
  const members = await roomState.ofType(group, "m.room.member");
  const wanted = (await events.byIds([...members.values()])).filter((event) => isWanted(event, args));
  return `{"chunk":${stateEventTexts(wanted, deps.clock.now())}}`;
}

/** Given both, either suffices: so the spec has it. */
function isWanted(event: StoredEvent, { membership, notMembership }: ListMembersArgs): boolean {
  if (membership === undefined && notMembership === undefined) return true;
  const is = membershipOf(event);
  return is === membership || (notMembership !== undefined && is !== notMembership);
}

export type JoinedMember = { display_name?: string; avatar_url?: string };

/** Who is joined now, with the profile each has in the room; for members only. */
export async function joinedMembers(
  deps: Pick<HistoryDeps, "storage">,
  { requester, roomId }: StateQuestion,
): Promise<{ [userId: string]: JoinedMember }> {
  await requireMember(deps, { userId: requester, roomId });
  const { memberships, events } = deps.storage.read;
  const joined = await memberships.ofRoom(roomId, ["join"]);
  const byId = new Map<EventId, StoredEvent>();
  for (const event of await events.byIds(joined.map(({ eventId }) => eventId))) byId.set(event.eventId, event);
  return Object.fromEntries(joined.map(({ userId, eventId }) => [userId, profileIn(byId.get(eventId))]));
}

function profileIn(member: StoredEvent | undefined): JoinedMember {
  const { displayname, avatar_url } = member === undefined ? {} : eventContent(member);
  return {
    ...(typeof displayname === "string" ? { display_name: displayname } : undefined),
    ...(typeof avatar_url === "string" ? { avatar_url } : undefined),
  };
}
