import { canonicalJson, depthOf, parseStateMapKey, stateMapKey, type UserId } from "@croft/protocol";
import type { MembershipValue, Position, StateGroup, Stores, WriteTools } from "@croft/storage";
import { contentSpan } from "./content-span.ts";
import { membershipIn } from "./membership-of.ts";
import type { PreparedReceipt, ReceiptEffect } from "./receive-event.ts";
import { relationOf } from "./relations.ts";
import type { HeadChange, KnownState, RoomHead } from "./room-head.ts";

type Tx = Stores & WriteTools;

/** Collects what an event from elsewhere writes; answers what the head becomes, undefined where it stays. */
export async function collectReceipt(
  tx: Tx,
  { head, receipt }: { head: RoomHead; receipt: PreparedReceipt },
): Promise<HeadChange | undefined> {
  const { eventId, pdu, judged, effect } = receipt;
  const position = tx.nextPosition();
  const { base, changes } = judged.stateBefore;
  const stateBefore = await tx.roomState.derive(base, changes);
  const stateAfter =
    pdu.state_key === undefined || judged.outcome === "rejected"
      ? stateBefore
      : await tx.roomState.derive(stateBefore, [{ key: stateMapKey(pdu.type, pdu.state_key), eventId }]);
  appendReceived(tx, { head, receipt, position, stateBefore, stateAfter });
  if (effect === undefined) return undefined;

  const stateGroup = await tx.roomState.derive(stateAfter, effect.besideOwnState);
  changeState(tx, { head, effect, position });
  if (effect.redaction !== undefined) tx.events.redact({ ...effect.redaction, by: eventId });
  effect.judgement.record?.(tx, position);
  const before = new Set(head.extremities.map((extremity) => extremity.eventId));
  const kept = new Set(effect.extremities.map((extremity) => extremity.eventId));
  tx.rooms.moveHead({
    roomId: head.roomId,
    consumed: [...before.difference(kept)],
    added: effect.extremities.filter((extremity) => !before.has(extremity.eventId)),
    stateGroup,
  });
  tx.touch({ roomId: head.roomId });
  return {
    extremities: effect.extremities,
    stateGroup,
    state: new Map(effect.changes.map(({ key }) => [key, effect.known.get(key)])),
    redacted: effect.redaction === undefined ? [] : [effect.redaction],
    joined: effect.joined,
  };
}

function appendReceived(
  tx: Tx,
  {
    head,
    receipt: { eventId, pdu, judged, effect },
    position,
    stateBefore,
    stateAfter,
  }: {
    head: RoomHead;
    receipt: PreparedReceipt;
    position: Position;
    stateBefore: StateGroup;
    stateAfter: StateGroup;
  },
): void {
  const { unsigned: _, ...stored } = pdu;
  const relation = relationOf(pdu);
  tx.events.append({
    eventId,
    roomId: head.roomId,
    type: pdu.type,
    sender: pdu.sender,
    stateKey: pdu.state_key,
    originServerTs: pdu.origin_server_ts,
    depth: depthOf(pdu),
    position,
    json: canonicalJson(stored),
    ...contentSpan(stored),
    status: judged.outcome,
    stateBefore,
    stateAfter,
    sentBy: undefined,
    notifies: effect?.judgement.notifies ?? false,
    highlights: effect?.judgement.highlights ?? false,
    ...(effect?.threadRoot === undefined ? undefined : { threadRoot: effect.threadRoot }),
    ...(relation === undefined ? undefined : { relatesTo: relation }),
  });
}

function changeState(
  tx: Tx,
  { head, effect, position }: { head: RoomHead; effect: ReceiptEffect; position: Position },
): void {
  const { roomId, state } = head;
  tx.roomState.changed(
    roomId,
    position,
    effect.changes.map(({ key, eventId }) => ({ key, eventId, previous: state.get(key) })),
  );
  for (const { key } of effect.changes) {
    const [type, stateKey] = parseStateMapKey(key);
    const membership = membershipIn(effect.known.get(key)?.pdu);
    if (type === "m.room.member" && stateKey.startsWith("@")) {
      setMembership(tx, {
        head,
        effect,
        position,
        userId: stateKey as UserId,
        member: effect.known.get(key),
        membership,
      });
    }
  }
}

/** A user whose member event the state lost counts as having left by the event that they were in by. */
function setMembership(
  tx: Tx,
  {
    head,
    effect,
    position,
    userId,
    member,
    membership = "leave",
  }: {
    head: RoomHead;
    effect: ReceiptEffect;
    position: Position;
    userId: UserId;
    member: KnownState | undefined;
    membership: MembershipValue | undefined;
  },
): void {
  const before = effect.memberships.get(userId);
  const eventId = member?.eventId ?? before?.eventId;
  if (eventId === undefined) return;
  tx.memberships.set({
    roomId: head.roomId,
    userId,
    membership,
    eventId,
    position,
    joinedSince: membership === "join" ? (before?.joinedSince ?? position) : undefined,
    sender: member?.pdu.sender ?? before?.sender ?? userId,
    strippedState: undefined,
  });
  tx.touch({ userId });
}
