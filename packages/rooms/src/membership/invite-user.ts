import type { RoomId, UserId } from "@croft/protocol";
import type { EventGraph } from "../event-graph/event-graph.ts";
import { type AddMemberDeps, addMember } from "./add-member.ts";

export type MembershipArgs = {
  readonly requester: UserId;
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly reason?: string | undefined;
};

/** Invites a user; whoever is invited stays so. */
export async function inviteUser(
  deps: AddMemberDeps & { readonly graph: EventGraph },
  { requester, roomId, userId, reason }: MembershipArgs,
): Promise<void> {
  await deps.graph.append(roomId, async (room) => {
    const isInvited = (await room.membership(userId)) === "invite" && (await room.membership(requester)) === "join";
    if (!isInvited) await addMember(deps, room, { sender: requester, userId, membership: "invite", reason });
  });
}
