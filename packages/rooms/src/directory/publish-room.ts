import { forbidden, notFound, type RoomId, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { EventGraph } from "../event-graph/event-graph.ts";
import { canSetCanonicalAlias } from "./delete-alias.ts";

export type PublishRoomDeps = { readonly storage: Storage<"rooms" | "roomDirectory">; readonly graph: EventGraph };

/**
 * Lists or unlists a room. The spec leaves to servers who may: here, whoever may set the canonical alias, and server
 * administrators.
 */
export async function publishRoom(
  { storage, graph }: PublishRoomDeps,
  { requester, isAdmin, roomId, listed }: { requester: UserId; isAdmin: boolean; roomId: RoomId; listed: boolean },
): Promise<void> {
  if ((await storage.read.rooms.byId(roomId)) === undefined) throw notFound("Room not found");
  if (!isAdmin && !(await canSetCanonicalAlias(graph, { roomId, userId: requester }))) {
    throw forbidden("You may not list this room");
  }
  await storage.write(async (tx) => tx.roomDirectory.setPublished(roomId, listed));
}

/** Undefined for a room this server does not know. */
export async function isPublished(
  { storage }: { readonly storage: Pick<Storage<"rooms" | "roomDirectory">, "read"> },
  roomId: RoomId,
): Promise<boolean | undefined> {
  const room = await storage.read.rooms.byId(roomId);
  return room === undefined ? undefined : storage.read.roomDirectory.isPublished(roomId);
}
