import { type JsonObject, type ServerName, serverNameOf, type UserId } from "@croft/protocol";
import type { MembershipValue } from "@croft/storage";
import type { AddedEvent, OpenRoom } from "../event-graph/open-room.ts";
import type { Profiles, RemoteServers } from "../ports.ts";
import { strippedState } from "./stripped-state.ts";

export type AddMemberDeps = {
  readonly serverName: ServerName;
  readonly profiles: Profiles;
  readonly remote: Pick<RemoteServers, "invite">;
};

export type MemberChange = {
  readonly sender: UserId;
  readonly userId: UserId;
  readonly membership: MembershipValue;
  readonly reason?: string | undefined;
  /** What the content says besides. */
  readonly content?: JsonObject | undefined;
};

/**
 * Adds a member event: with the profile of a user of this server who is to be in the room, with stripped state for whom
 * only hears of it, and with the signature of another server whose user is invited.
 */
export async function addMember(deps: AddMemberDeps, room: OpenRoom, change: MemberChange): Promise<AddedEvent> {
  const { sender, userId, membership, reason } = change;
  const content = {
    ...(await profileOf(deps, change)),
    ...change.content,
    membership,
    ...(reason === undefined ? undefined : { reason }),
  };
  const draft = { type: "m.room.member", sender, stateKey: userId, content };
  if (membership !== "invite" && membership !== "knock") return room.add(draft);
  const stripped = await strippedState(room, draft);
  if (membership === "knock" || serverNameOf(userId) === deps.serverName) {
    return room.add({ ...draft, strippedState: stripped });
  }
  const { version } = room;
  return room.add({
    ...draft,
    strippedState: stripped,
    countersign: ({ pdu, eventId }) => deps.remote.invite({ event: pdu, eventId, version, strippedState: stripped }),
  });
}

async function profileOf({ serverName, profiles }: AddMemberDeps, change: MemberChange): Promise<JsonObject> {
  const { userId, membership } = change;
  if (membership === "leave" || membership === "ban" || serverNameOf(userId) !== serverName) return {};
  const { displayname, avatar_url } = await profiles.profile(userId);
  return {
    ...(displayname === undefined ? undefined : { displayname }),
    ...(avatar_url === undefined ? undefined : { avatar_url }),
  };
}
