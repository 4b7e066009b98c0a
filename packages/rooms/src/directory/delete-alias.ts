import {
  forbidden,
  type JsonObject,
  MatrixError,
  notFound,
  type RoomAlias,
  type RoomId,
  type UserId,
} from "@croft/protocol";
import { GuardFailed, type Storage } from "@croft/storage";
import type { EventGraph } from "../event-graph/event-graph.ts";

export type DeleteAliasDeps = { readonly storage: Storage<"roomAliases">; readonly graph: EventGraph };

/**
 * Removes an alias of this server: its creator may, a server administrator, and whoever may set the room's canonical
 * alias. Where the canonical alias event names it and the requester may change that, it is taken out there too.
 */
export async function deleteAlias(
  { storage, graph }: DeleteAliasDeps,
  { requester, isAdmin, alias }: { requester: UserId; isAdmin: boolean; alias: RoomAlias },
): Promise<void> {
  const record = await storage.read.roomAliases.get(alias);
  if (record === undefined) throw notFound(`Room alias ${alias} not found.`);
  const { roomId } = record;
  const maySetCanonical = await canSetCanonicalAlias(graph, { roomId, userId: requester });
  if (record.creator !== requester && !isAdmin && !maySetCanonical) throw forbidden("You may not remove this alias");
  try {
    await storage.write(async (tx) => tx.roomAliases.delete(record), { reruns: 0 });
  } catch (error) {
    throw error instanceof GuardFailed ? notFound(`Room alias ${alias} not found.`) : error;
  }
  if (maySetCanonical) await dropFromCanonicalAlias(graph, { requester, roomId, alias });
}

export function canSetCanonicalAlias(
  graph: EventGraph,
  { roomId, userId }: { roomId: RoomId; userId: UserId },
): Promise<boolean> {
  return graph.append(roomId, async (room) => {
    const isJoined = (await room.membership(userId)) === "join";
    return isJoined && room.levels.userLevel(userId) >= room.levels.eventLevel("m.room.canonical_alias", true);
  });
}

async function dropFromCanonicalAlias(
  graph: EventGraph,
  { requester, roomId, alias }: { requester: UserId; roomId: RoomId; alias: RoomAlias },
): Promise<void> {
  try {
    await graph.append(roomId, async (room) => {
      const content = (await room.state("m.room.canonical_alias", ""))?.content;
      const without = content === undefined ? undefined : withoutAlias(content, alias);
      if (without === undefined) return;
      await room.add({ type: "m.room.canonical_alias", stateKey: "", sender: requester, content: without });
    });
  } catch (error) {
    // The alias is gone, which is what was asked for; that the room still names it is for its members to mend.
    if (!(error instanceof MatrixError)) throw error;
  }
}

/** Undefined when the content does not name the alias. */
function withoutAlias(content: JsonObject, alias: RoomAlias): JsonObject | undefined {
  const { alias: main, alt_aliases: alternatives, ...rest } = content;
  const others = Array.isArray(alternatives) ? alternatives : [];
  if (main !== alias && !others.includes(alias)) return undefined;
  const kept = others.filter((other) => other !== alias);
  return {
    ...rest,
    ...(main === alias || main === undefined ? undefined : { alias: main }),
    ...(kept.length === 0 ? undefined : { alt_aliases: kept }),
  };
}
