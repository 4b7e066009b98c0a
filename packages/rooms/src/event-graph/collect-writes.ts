import type { Position, StateGroup, Stores, WriteTools } from "@croft/storage";
import type { OpenRoom } from "./open-room.ts";
import type { HeadChange, RoomHead } from "./room-head.ts";
import type { StagedEvent } from "./staged-event.ts";

/**
 * Collects all that the events added to an open room write. The answer is what the head becomes.
 */
export async function collectWrites(
  tx: Stores & WriteTools,
  { head, room }: { head: RoomHead; room: OpenRoom },
): Promise<HeadChange> {
  const { roomId, version, create, partialState } = head;
  if (head.extremities.length === 0) {
    tx.rooms.create({ roomId, version: version.id, creator: create.sender, partialState });
  }
  let stateGroup = head.stateGroup;
  for (const staged of room.staged) {
    const position = tx.nextPosition();
    const stateBefore = stateGroup;
    if (staged.change !== undefined) {
      stateGroup = await tx.roomState.derive(stateBefore, [{ key: staged.change.key, eventId: staged.eventId }]);
    }
    appendEvent(tx, { staged, head, position, stateBefore, stateAfter: stateGroup });
    changeState(tx, { staged, room, position });
    if (staged.redaction !== undefined) tx.events.redact({ ...staged.redaction, by: staged.eventId });
    staged.judgement.record?.(tx, position);
  }
  const kept = new Set(room.extremities.map(({ eventId }) => eventId));
  const before = new Set(head.extremities.map(({ eventId }) => eventId));
  tx.rooms.moveHead({
    roomId,
    consumed: [...before.difference(kept)],
    added: room.extremities.filter(({ eventId }) => !before.has(eventId)),
    stateGroup,
  });
  for (const collect of room.alongside) collect(tx);
  tx.touch({ roomId });
  return {
    extremities: room.extremities,
    stateGroup,
    state: room.changes,
    redacted: room.staged.flatMap(({ redaction }) => redaction ?? []),
    joined: room.joined,
  };
}

function appendEvent(
  tx: Stores,
  {
    staged,
    head,
    position,
    stateBefore,
    stateAfter,
  }: {
    staged: StagedEvent;
    head: RoomHead;
    position: Position;
    stateBefore: StateGroup;
    stateAfter: StateGroup;
  },
): void {
  const { pdu, relation, threadRoot, judgement } = staged;
  tx.events.append({
    eventId: staged.eventId,
    roomId: head.roomId,
    type: pdu.type,
    sender: pdu.sender,
    stateKey: pdu.state_key,
    originServerTs: pdu.origin_server_ts,
    depth: staged.depth,
    position,
    json: staged.json,
    contentStart: staged.contentStart,
    contentEnd: staged.contentEnd,
    status: "accepted",
    stateBefore,
    stateAfter,
    sentBy: staged.sentBy,
    notifies: judgement.notifies,
    highlights: judgement.highlights,
    ...(threadRoot === undefined ? undefined : { threadRoot }),
    ...(relation === undefined ? undefined : { relatesTo: relation }),
  });
}

function changeState(
  tx: Stores & WriteTools,
  { staged: { change, eventId, pdu }, room, position }: { staged: StagedEvent; room: OpenRoom; position: Position },
): void {
  if (change === undefined) return;
  const { key, previous, membership } = change;
  tx.roomState.changed(room.roomId, position, [{ key, eventId, previous }]);
  if (membership === undefined) return;
  const { userId, strippedState } = membership;
  const joinedSince = membership.membership === "join" ? (membership.joinedSince ?? position) : undefined;
  tx.memberships.set({
    roomId: room.roomId,
    userId,
    membership: membership.membership,
    eventId,
    position,
    joinedSince,
    sender: pdu.sender,
    strippedState,
  });
  tx.touch({ userId });
  const known = room.changes.get(key);
  if (known?.eventId === eventId) room.changes.set(key, { ...known, joinedSince });
}
