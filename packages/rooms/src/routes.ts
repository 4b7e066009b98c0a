import {
  ban,
  createRoom,
  deleteRoomAlias,
  forgetRoom,
  getJoinedMembersByRoom,
  getJoinedRooms,
  getLocalAliases,
  getMembersByRoom,
  getRoomIdByAlias,
  getRoomState,
  getRoomStateWithKey,
  getRoomVisibilityOnDirectory,
  inviteUser,
  joinRoom,
  joinRoomById,
  kick,
  leaveRoom,
  redactEvent,
  sendMessage,
  setRoomAlias,
  setRoomStateWithKey,
  setRoomVisibilityOnDirectory,
  unban,
} from "@croft/api";
import { jsonText, type Requester, type Route, route } from "@croft/http";
import { invalidParam, isRoomAlias, notFound, type RoomAlias, type RoomId, type ServerName } from "@croft/protocol";
import type { Clock, Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { createRoom as create } from "./creation/create-room.ts";
import { wishesOf } from "./creation/wishes-of.ts";
import { createAlias } from "./directory/create-alias.ts";
import { deleteAlias } from "./directory/delete-alias.ts";
import { listAliases } from "./directory/list-aliases.ts";
import { isPublished, publishRoom } from "./directory/publish-room.ts";
import { type ResolveAliasDeps, resolveAlias } from "./directory/resolve-alias.ts";
import type { EventGraph } from "./event-graph/event-graph.ts";
import { banUser } from "./membership/ban-user.ts";
import { forgetRoom as forget } from "./membership/forget-room.ts";
import { inviteUser as invite } from "./membership/invite-user.ts";
import { joinRoom as join } from "./membership/join-room.ts";
import { joinedRooms } from "./membership/joined-rooms.ts";
import { kickUser } from "./membership/kick-user.ts";
import { leaveRoom as leave } from "./membership/leave-room.ts";
import { unbanUser } from "./membership/unban-user.ts";
import type { AliasServers, Profiles, RemoteServers } from "./ports.ts";
import { contentOfText } from "./sending/event-content.ts";
import { redactEvent as redact } from "./sending/redact-event.ts";
import { sendEvent } from "./sending/send-event.ts";
import type { SentTransactions, Transaction } from "./sending/sent-transactions.ts";
import { getState, getStateEvent } from "./state/get-state.ts";
import { joinedMembers, listMembers } from "./state/list-members.ts";
import { putState } from "./state/put-state.ts";

/** What the use cases of this package ask for, together. */
export type RoomsDeps = {
  readonly storage: Storage<
    "rooms" | "events" | "roomState" | "memberships" | "relations" | "roomAliases" | "roomDirectory" | "accountData"
  >;
  readonly graph: EventGraph;
  readonly transactions: SentTransactions;
  readonly clock: Clock;
  readonly random: Random;
  readonly serverName: ServerName;
  readonly profiles: Profiles;
  readonly remote: RemoteServers;
  readonly aliasServers: AliasServers;
};

export const roomsRoutes = (deps: RoomsDeps): Route[] => [
  ...membershipRoutes(deps),
  ...sendingRoutes(deps),
  ...stateRoutes(deps),
  ...directoryRoutes(deps),
];

const membershipRoutes = (deps: RoomsDeps): Route[] => [
  route(createRoom, async ({ requester, body, bodyText }) => ({
    room_id: await create(deps, wishesOf(requester.userId, body, bodyText)),
  })),
  route(joinRoomById, async ({ requester: joiner, params: { roomId }, body: { reason } }) => {
    await join(deps, { joiner, roomId, reason });
    return { room_id: roomId };
  }),
  route(joinRoom, async ({ requester: joiner, params, query, body: { reason } }) => {
    const { roomId, servers } = await theRoom(deps, params.roomIdOrAlias);
    const via = [...new Set([...(query.via ?? query.server_name ?? []), ...servers])];
    await join(deps, { joiner, roomId, via, reason });
    return { room_id: roomId };
  }),
  route(inviteUser, async ({ requester: { userId: requester }, params: { roomId }, body }) => {
    await invite(deps, { requester, roomId, userId: body.user_id, reason: body.reason });
    return {};
  }),
  route(kick, async ({ requester: { userId: requester }, params: { roomId }, body }) => {
    await kickUser(deps, { requester, roomId, userId: body.user_id, reason: body.reason });
    return {};
  }),
  route(ban, async ({ requester: { userId: requester }, params: { roomId }, body }) => {
    await banUser(deps, { requester, roomId, userId: body.user_id, reason: body.reason });
    return {};
  }),
  route(unban, async ({ requester: { userId: requester }, params: { roomId }, body }) => {
    await unbanUser(deps, { requester, roomId, userId: body.user_id, reason: body.reason });
    return {};
  }),
  route(leaveRoom, async ({ requester: { userId }, params: { roomId }, body: { reason } }) => {
    await leave(deps, { userId, roomId, reason });
    return {};
  }),
  route(forgetRoom, async ({ requester: { userId }, params: { roomId } }) => {
    await forget(deps, { userId, roomId });
    return {};
  }),
  route(getJoinedRooms, async ({ requester: { userId } }) => ({ joined_rooms: await joinedRooms(deps, userId) })),
];

const sendingRoutes = (deps: RoomsDeps): Route[] => [
  route(sendMessage, async ({ requester, params: { roomId, eventType, txnId }, rawPath, bodyText }) => ({
    event_id: await sendEvent(deps, {
      requester: requester.userId,
      roomId,
      type: eventType,
      content: contentOfText(bodyText),
      transaction: transactionOf(requester, rawPath, txnId),
    }),
  })),
  route(redactEvent, async ({ requester, params: { roomId, eventId, txnId }, rawPath, body: { reason } }) => ({
    event_id: await redact(deps, {
      requester: requester.userId,
      roomId,
      eventId,
      reason,
      transaction: transactionOf(requester, rawPath, txnId),
    }),
  })),
];

const stateRoutes = (deps: RoomsDeps): Route[] => [
  route(setRoomStateWithKey, async ({ requester, params: { roomId, eventType, stateKey = "" }, bodyText }) => ({
    event_id: await putState(deps, { requester, roomId, type: eventType, stateKey, content: contentOfText(bodyText) }),
  })),
  route(getRoomStateWithKey, async ({ requester, params: { roomId, eventType, stateKey = "" }, query }) => {
    const { format = "content" } = query;
    return jsonText(
      await getStateEvent(deps, { requester: requester.userId, roomId, type: eventType, stateKey, format }),
    );
  }),
  route(getRoomState, async ({ requester, params: { roomId } }) =>
    jsonText(await getState(deps, { requester: requester.userId, roomId })),
  ),
  route(getMembersByRoom, async ({ requester, params: { roomId }, query }) => {
    const { at, membership, not_membership: notMembership } = query;
    return jsonText(await listMembers(deps, { requester: requester.userId, roomId, at, membership, notMembership }));
  }),
  route(getJoinedMembersByRoom, async ({ requester, params: { roomId } }) => ({
    joined: await joinedMembers(deps, { requester: requester.userId, roomId }),
  })),
];

const directoryRoutes = (deps: RoomsDeps): Route[] => [
  route(setRoomAlias, async ({ requester: { userId: requester }, params: { roomAlias: alias }, body }) => {
    await createAlias(deps, { requester, alias, roomId: body.room_id });
    return {};
  }),
  route(getRoomIdByAlias, async ({ params: { roomAlias } }) => {
    const { roomId, servers } = await theRoom(deps, roomAlias);
    return { room_id: roomId, servers: [...servers] };
  }),
  route(deleteRoomAlias, async ({ requester: { userId: requester, isAdmin }, params: { roomAlias: alias } }) => {
    await deleteAlias(deps, { requester, isAdmin, alias });
    return {};
  }),
  route(getLocalAliases, async ({ requester: { userId: requester }, params: { roomId } }) => ({
    aliases: await listAliases(deps, { requester, roomId }),
  })),
  route(getRoomVisibilityOnDirectory, async ({ params: { roomId } }) => {
    const published = await isPublished(deps, roomId);
    if (published === undefined) throw notFound("Room not found");
    return { visibility: published ? ("public" as const) : ("private" as const) };
  }),
  route(setRoomVisibilityOnDirectory, async ({ requester, params: { roomId }, body }) => {
    const { userId, isAdmin } = requester;
    await publishRoom(deps, { requester: userId, isAdmin, roomId, listed: body.visibility !== "private" });
    return {};
  }),
];

/** The room that is meant. Throws `M_NOT_FOUND` for an alias of none. */
async function theRoom(
  deps: ResolveAliasDeps,
  idOrAlias: RoomId | RoomAlias,
): Promise<{ roomId: RoomId; servers: readonly string[] }> {
  if (idOrAlias.startsWith("!")) return { roomId: idOrAlias as RoomId, servers: [] };
  if (!isRoomAlias(idOrAlias)) throw invalidParam("Room alias invalid");
  const resolved = await resolveAlias(deps, idOrAlias);
  if (resolved === undefined) throw notFound(`Room alias ${idOrAlias} not found.`);
  return resolved;
}

function transactionOf({ userId, deviceId }: Requester, rawPath: string, txnId: string): Transaction {
  const mark = rawPath.indexOf("?");
  return { userId, deviceId, path: mark === -1 ? rawPath : rawPath.slice(0, mark), txnId };
}
