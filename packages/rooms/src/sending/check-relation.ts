import { type EventId, type JsonObject, MatrixError, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { OpenRoom } from "../event-graph/open-room.ts";
import { parsePdu } from "../event-graph/parse-pdu.ts";
import { type Relation, relationOf } from "../event-graph/relations.ts";

export type CheckRelationDeps = { readonly storage: Pick<Storage<"events" | "relations">, "read" | "position"> };

export type RelatingEvent = { readonly type: string; readonly sender: UserId; readonly content: JsonObject };

/**
 * Refuses what clients of this server must not relate: the same annotation twice (`M_DUPLICATE_ANNOTATION`), and a thread
 * in a thread (`M_UNKNOWN`). https://spec.matrix.org/v1.19/client-server-api/#avoiding-duplicate-annotations
 */
export async function checkRelation(deps: CheckRelationDeps, room: OpenRoom, event: RelatingEvent): Promise<void> {
  const relation = relationOf(event);
  if (relation?.relType === "m.thread") await checkThreadRoot(room, relation.eventId);
  if (relation?.relType === "m.annotation") await checkAnnotation(deps, room, { ...event, relation });
}

async function checkThreadRoot(room: OpenRoom, eventId: EventId): Promise<void> {
  const root = await room.event(eventId);
  if (root !== undefined && relationOf(parsePdu(root.json, room.version)) !== undefined) {
    throw new MatrixError("M_UNKNOWN", "A thread cannot start from an event with a relation", { status: 400 });
  }
}

const PAGE = 500;

async function checkAnnotation(
  { storage }: CheckRelationDeps,
  room: OpenRoom,
  { type, sender, content, relation }: RelatingEvent & { relation: Relation },
): Promise<void> {
  const { relations, events } = storage.read;
  const { roomId } = room;
  const { eventId, relType } = relation;
  await room.written();
  // The sender's own: under the room's lock nobody waits for a look through what thousands said.
  const asked = {
    roomId,
    eventId,
    levels: 1,
    relType,
    eventType: type,
    sender,
    direction: "b",
    to: undefined,
  } as const;
  const upTo = storage.position();
  for (let from: { depth: number; position: number } | undefined; ; ) {
    const page = await events.byIds(await relations.page({ ...asked, from, upTo, limit: PAGE }));
    for (const other of page) {
      if (keyOf(parsePdu(other.json, room.version).content) === keyOf(content)) {
        throw new MatrixError("M_DUPLICATE_ANNOTATION", "You have annotated this event so already");
      }
    }
    from = page.at(-1);
    if (page.length < PAGE) return;
  }
}

function keyOf(content: JsonObject): unknown {
  const relation = content["m.relates_to"];
  return typeof relation === "object" && relation !== null && "key" in relation ? relation["key"] : undefined;
}
