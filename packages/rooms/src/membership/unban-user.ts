import { MatrixError } from "@croft/protocol";
import type { EventGraph } from "../event-graph/event-graph.ts";
import { type AddMemberDeps, addMember } from "./add-member.ts";
import type { MembershipArgs } from "./invite-user.ts";

/** Lifts a ban: the user may be invited, or join, again. */
export async function unbanUser(
  deps: AddMemberDeps & { readonly graph: EventGraph },
  { requester, roomId, userId, reason }: MembershipArgs,
): Promise<void> {
  await deps.graph.append(roomId, async (room) => {
    if ((await room.membership(userId)) !== "ban") throw new MatrixError("M_BAD_STATE", "The user is not banned");
    await addMember(deps, room, { sender: requester, userId, membership: "leave", reason });
  });
}
