import {
  forbidden,
  type JsonObject,
  MatrixError,
  parseStateMapKey,
  type RoomId,
  type ServerName,
  serverNameOf,
  type UserId,
} from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { OpenRoom } from "../event-graph/open-room.ts";

export type RestrictedJoinDeps = {
  readonly storage: Pick<Storage<"memberships">, "read">;
  readonly serverName: ServerName;
};

/**
 * What the content of a join into a restricted room says besides: the member of this server who vouches that a condition
 * is met. Nothing where the join needs no such member. Throws `M_FORBIDDEN` when no condition is met, and
 * `M_UNABLE_TO_GRANT_JOIN` when nobody here may vouch. https://spec.matrix.org/v1.19/client-server-api/#restricted-rooms
 */
export async function restrictedJoin(
  deps: RestrictedJoinDeps,
  { room, userId }: { room: OpenRoom; userId: UserId },
): Promise<JsonObject | undefined> {
  const rules = (await room.state("m.room.join_rules", ""))?.content;
  const { version } = room;
  const restricted =
    (rules?.["join_rule"] === "restricted" && version.restrictedJoin) ||
    (rules?.["join_rule"] === "knock_restricted" && version.knockRestrictedJoin);
  if (rules === undefined || !restricted) return undefined;
  const membership = await room.membership(userId);
  if (membership === "invite" || membership === "join") return undefined;
  if (membership === "ban") throw forbidden("You are banned from this room");
  if (!(await meetsCondition(deps, { rules, userId }))) {
    throw forbidden("You are in none of the rooms whose members may join this one");
  }
  const authoriser = await authorisingUser(deps, room);
  if (authoriser === undefined) {
    throw new MatrixError("M_UNABLE_TO_GRANT_JOIN", "No member on this server may let you join");
  }
  return { join_authorised_via_users_server: authoriser };
}

async function meetsCondition(
  { storage }: RestrictedJoinDeps,
  { rules, userId }: { rules: JsonObject; userId: UserId },
): Promise<boolean> {
  const { allow } = rules;
  if (!Array.isArray(allow)) return false;
  for (const condition of allow as readonly unknown[]) {
    if (typeof condition !== "object" || condition === null) continue;
    const { type, room_id: roomId } = condition as { type?: unknown; room_id?: unknown };
    if (type !== "m.room_membership" || typeof roomId !== "string" || !roomId.startsWith("!")) continue;
    const membership = await storage.read.memberships.get(roomId as RoomId, userId);
    if (membership?.membership === "join") return true;
  }
  return false;
}

/** A joined member on this server who may invite: those with power of their own first, then anyone. */
async function authorisingUser({ serverName }: RestrictedJoinDeps, room: OpenRoom): Promise<UserId | undefined> {
  const inviteLevel = room.levels.actionLevel("invite");
  const mayInvite = async (userId: UserId): Promise<boolean> =>
    serverNameOf(userId) === serverName &&
    room.levels.userLevel(userId) >= inviteLevel &&
    (await room.membership(userId)) === "join";
  for (const userId of await namedUsers(room)) if (await mayInvite(userId)) return userId;
  for (const [key] of room.stateEntries()) {
    const [type, stateKey] = parseStateMapKey(key);
    if (type === "m.room.member" && (await mayInvite(stateKey as UserId))) return stateKey as UserId;
  }
  return undefined;
}

/** Whom the create event and the power levels name. */
async function namedUsers(room: OpenRoom): Promise<UserId[]> {
  const users = (await room.state("m.room.power_levels", ""))?.content["users"];
  const additional = room.create.content["additional_creators"];
  const named: unknown[] = [
    room.create.sender,
    ...(Array.isArray(additional) ? additional : []),
    ...(typeof users === "object" && users !== null ? Object.keys(users) : []),
  ];
  return named.filter((id): id is UserId => typeof id === "string" && id.startsWith("@"));
}
