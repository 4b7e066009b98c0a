import type { EventGraph } from "../event-graph/event-graph.ts";
import { type AddMemberDeps, addMember } from "./add-member.ts";
import type { MembershipArgs } from "./invite-user.ts";

/** Bans a user, whether they were ever in the room or not. */
export async function banUser(
  deps: AddMemberDeps & { readonly graph: EventGraph },
  { requester, roomId, userId, reason }: MembershipArgs,
): Promise<void> {
  await deps.graph.append(roomId, (room) =>
    addMember(deps, room, { sender: requester, userId, membership: "ban", reason }),
  );
}
