import { isJsonObject, type Pdu, type ServerName, serverNameOf, type UserId } from "@croft/protocol";

const NOBODY: readonly UserId[] = [];

/** Users of this server whom an event mentions, each once. https://spec.matrix.org/v1.19/client-server-api/#user-and-room-mentions */
export function mentionedUsers({ content }: Pdu, serverName: ServerName): readonly UserId[] {
  const mentions = content["m.mentions"];
  const userIds = isJsonObject(mentions) ? mentions["user_ids"] : undefined;
  if (!Array.isArray(userIds)) return NOBODY;
  return [...new Set(userIds.filter((userId) => isLocalUser(userId, serverName)))];
}

/** The user of this server whose membership a member event changes. */
export function localMember({ type, state_key }: Pdu, serverName: ServerName): UserId | undefined {
  return type === "m.room.member" && isLocalUser(state_key, serverName) ? state_key : undefined;
}

export const isLocalUser = (id: unknown, serverName: ServerName): id is UserId =>
  typeof id === "string" && id.startsWith("@") && serverNameOf(id as UserId) === serverName;
