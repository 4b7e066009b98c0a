import { canonicalJson, type EventId, type JsonObject, type RoomId, serverNameOf, type UserId } from "@croft/protocol";
import { type CanonicalAliasDeps, checkCanonicalAlias } from "../directory/check-canonical-alias.ts";
import type { EventGraph } from "../event-graph/event-graph.ts";
import { isMembership } from "../event-graph/membership-of.ts";
import type { OpenRoom } from "../event-graph/open-room.ts";
import { type AddMemberDeps, addMember } from "../membership/add-member.ts";
import { addJoin, type Joiner } from "../membership/join-room.ts";
import type { RestrictedJoinDeps } from "../membership/restricted-join.ts";
import type { EventContent } from "../sending/event-content.ts";

export type PutStateDeps = AddMemberDeps & RestrictedJoinDeps & CanonicalAliasDeps & { readonly graph: EventGraph };

export type PutStateArgs = {
  readonly requester: Joiner;
  readonly roomId: RoomId;
  readonly type: string;
  readonly stateKey: string;
  readonly content: EventContent;
};

/** Sets state. What the same sender has set already stays: its event is the answer. */
export async function putState(deps: PutStateDeps, args: PutStateArgs): Promise<EventId> {
  const { requester, roomId, type, stateKey } = args;
  const { userId: sender } = requester;
  if (type === "m.room.canonical_alias") await checkAliases(deps, args);
  return deps.graph.append(roomId, async (room) => {
    const content = args.content(room.version);
    const present = await room.state(type, stateKey);
    if (present?.sender === sender && canonicalJson(present.content) === canonicalJson(content)) {
      const eventId = room.stateEventId(type, stateKey);
      if (eventId !== undefined && (await room.membership(sender)) === "join") return eventId;
    }
    if (type === "m.room.member") return putMember(deps, { room, requester, userId: stateKey as UserId, content });
    return (await room.add({ type, sender, stateKey, content })).eventId;
  });
}

/** Before the room's lock is taken: aliases of other servers are asked of those. */
async function checkAliases(deps: PutStateDeps, { roomId, type, stateKey, content }: PutStateArgs): Promise<void> {
  const { version, present } = await deps.graph.append(roomId, async (room) => ({
    version: room.version,
    present: (await room.state(type, stateKey))?.content,
  }));
  await checkCanonicalAlias(deps, { roomId, content: content(version), present });
}

/** A membership set as state is what its own endpoint would make of it, with the content given. */
async function putMember(
  deps: PutStateDeps,
  { room, requester, userId, content }: { room: OpenRoom; requester: Joiner; userId: UserId; content: JsonObject },
): Promise<EventId> {
  const sender = requester.userId;
  const { membership } = content;
  if (membership === "join" && userId === sender) return addJoin(deps, { room, joiner: requester, content });
  if (!isMembership(membership) || !userId.startsWith("@") || serverNameOf(userId) === undefined) {
    return (await room.add({ type: "m.room.member", sender, stateKey: userId, content })).eventId;
  }
  return (await addMember(deps, room, { sender, userId, membership, content })).eventId;
}
