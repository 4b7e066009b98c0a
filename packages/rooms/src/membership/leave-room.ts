import { forbidden, notFound, type RoomId, serverNameOf, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { EventGraph } from "../event-graph/event-graph.ts";
import type { RemoteServers } from "../ports.ts";
import { type AddMemberDeps, addMember } from "./add-member.ts";

export type LeaveRoomDeps = AddMemberDeps & {
  readonly graph: EventGraph;
  readonly storage: Pick<Storage<"rooms" | "memberships">, "read">;
  readonly remote: RemoteServers;
};

/** Leaves a room, declines its invite or takes a knock back. Leaving twice is leaving once. */
export async function leaveRoom(
  deps: LeaveRoomDeps,
  { userId, roomId, reason }: { userId: UserId; roomId: RoomId; reason?: string | undefined },
): Promise<void> {
  const { rooms, memberships } = deps.storage.read;
  if ((await rooms.byId(roomId)) === undefined) {
    const membership = await memberships.get(roomId, userId);
    if (membership === undefined) throw notFound("Unknown room");
    if (membership.membership === "leave") return;
    const content = { membership: "leave", ...(reason === undefined ? undefined : { reason }) };
    return deps.remote.leave({ userId, roomId, via: [serverNameOf(membership.sender)], content });
  }
  await deps.graph.append(roomId, async (room) => {
    const membership = await room.membership(userId);
    if (membership === undefined) throw forbidden("You are not in this room");
    if (membership !== "leave") {
      await addMember(deps, room, { sender: userId, userId, membership: "leave", reason });
    }
  });
}
