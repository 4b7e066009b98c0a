import { type JsonObject, MatrixError, type RoomId, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { EventGraph } from "../event-graph/event-graph.ts";
import type { Profile, Profiles } from "../ports.ts";

export type PropagateProfileDeps = {
  readonly graph: EventGraph;
  readonly storage: Pick<Storage<"memberships">, "read">;
  readonly profiles: Profiles;
};

/**
 * Brings a user's member events up to the profile, room by room. Rooms that say it already are left alone, so it may be
 * run again at any time; the profile is read for each room, so of two changes under way the later one wins.
 */
export async function propagateProfile(deps: PropagateProfileDeps, userId: UserId): Promise<void> {
  for (const { roomId } of await deps.storage.read.memberships.ofUser(userId, ["join"])) {
    try {
      await updateMember(deps, { roomId, userId });
    } catch (error) {
      // A room that refuses the new name keeps the old one; the others are to have it.
      if (!(error instanceof MatrixError)) throw error;
    }
  }
}

function updateMember(
  { graph, profiles }: PropagateProfileDeps,
  { roomId, userId }: { roomId: RoomId; userId: UserId },
): Promise<void> {
  return graph.append(roomId, async (room) => {
    const member = await room.state("m.room.member", userId);
    if (member?.content["membership"] !== "join") return;
    const profile = await profiles.profile(userId);
    if (saysProfile(member.content, profile)) return;
    const content = withProfile(member.content, profile);
    await room.add({ type: "m.room.member", stateKey: userId, sender: userId, content });
  });
}

const saysProfile = ({ displayname, avatar_url }: JsonObject, profile: Profile): boolean =>
  (displayname ?? undefined) === profile.displayname && (avatar_url ?? undefined) === profile.avatar_url;

/** Without what belonged to the join alone: who vouched for it, and why it was made. */
function withProfile(content: JsonObject, { displayname, avatar_url }: Profile): JsonObject {
  const { join_authorised_via_users_server: _vouched, reason: _reason, ...rest } = content;
  const { displayname: _displayname, avatar_url: _avatarUrl, ...kept } = rest;
  return {
    ...kept,
    ...(displayname === undefined ? undefined : { displayname }),
    ...(avatar_url === undefined ? undefined : { avatar_url }),
  };
}
