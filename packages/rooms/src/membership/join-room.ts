import { type EventId, type JsonObject, MatrixError, type RoomId, type ServerName, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { EventGraph } from "../event-graph/event-graph.ts";
import type { OpenRoom } from "../event-graph/open-room.ts";
import type { RemoteServers } from "../ports.ts";
import { type AddMemberDeps, addMember } from "./add-member.ts";
import { type RestrictedJoinDeps, restrictedJoin } from "./restricted-join.ts";

export type JoinRoomDeps = AddMemberDeps &
  RestrictedJoinDeps & {
    readonly graph: EventGraph;
    readonly storage: Pick<Storage<"rooms" | "memberships">, "read">;
    readonly remote: RemoteServers;
  };

export type Joiner = { readonly userId: UserId; readonly isGuest: boolean };

/** Joins a room, through another server if this one does not know it. Joining twice is joining once. */
export async function joinRoom(
  deps: JoinRoomDeps,
  {
    joiner,
    roomId,
    via = [],
    reason,
  }: { joiner: Joiner; roomId: RoomId; via?: readonly ServerName[] | undefined; reason?: string | undefined },
): Promise<void> {
  if ((await deps.storage.read.rooms.byId(roomId)) === undefined) {
    const { userId } = joiner;
    const profile = await deps.profiles.profile(userId);
    const content = {
      ...profile,
      membership: "join",
      ...(reason === undefined ? undefined : { reason }),
    } as JsonObject;
    return deps.remote.join({ userId, roomId, via, content });
  }
  await deps.graph.append(roomId, async (room) => {
    const isJoined = (await room.membership(joiner.userId)) === "join";
    if (!isJoined) await addJoin(deps, { room, joiner, reason });
  });
}

/** Adds a join, or a change of the profile within one, with what its room asks of it. */
export async function addJoin(
  deps: AddMemberDeps & RestrictedJoinDeps,
  {
    room,
    joiner: { userId, isGuest },
    reason,
    content,
  }: { room: OpenRoom; joiner: Joiner; reason?: string | undefined; content?: JsonObject | undefined },
): Promise<EventId> {
  if (isGuest && (await room.state("m.room.guest_access", ""))?.content["guest_access"] !== "can_join") {
    throw new MatrixError("M_GUEST_ACCESS_FORBIDDEN", "Guests may not join this room");
  }
  const authorised = await restrictedJoin(deps, { room, userId });
  const { join_authorised_via_users_server: _, ...rest } = content ?? {};
  const change = { sender: userId, userId, membership: "join", reason, content: { ...rest, ...authorised } } as const;
  const { eventId } = await addMember(deps, room, change);
  return eventId;
}
