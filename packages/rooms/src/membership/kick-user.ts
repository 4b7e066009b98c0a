import { forbidden, MatrixError } from "@croft/protocol";
import type { EventGraph } from "../event-graph/event-graph.ts";
import { type AddMemberDeps, addMember } from "./add-member.ts";
import type { MembershipArgs } from "./invite-user.ts";

/** Removes a member, or takes an invite or a knock back. */
export async function kickUser(
  deps: AddMemberDeps & { readonly graph: EventGraph },
  { requester, roomId, userId, reason }: MembershipArgs,
): Promise<void> {
  await deps.graph.append(roomId, async (room) => {
    const membership = await room.membership(userId);
    if (membership === "ban") throw new MatrixError("M_BAD_STATE", "The user is banned, not in the room");
    if (membership === undefined || membership === "leave") throw forbidden("The user is not in the room");
    await addMember(deps, room, { sender: requester, userId, membership: "leave", reason });
  });
}
