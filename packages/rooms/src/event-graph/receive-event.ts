import {
  depthOf,
  type EventId,
  type Pdu,
  parseStateMapKey,
  powerLevelsOf,
  referenceHash,
  type Sha256,
  type StateMap,
  stateMapKey,
  type UserId,
  unpaddedBase64,
} from "@croft/protocol";
import type { MembershipRecord, StateChange, Storage } from "@croft/storage";
import type { Judgement, NotificationJudge } from "../ports.ts";
import { type Judged, type JudgeReceivedDeps, judgeReceived, type NotJudged } from "./judge-received.ts";
import { membershipIn } from "./membership-of.ts";
import { parsePdu } from "./parse-pdu.ts";
import { relationOf } from "./relations.ts";
import { differences, resolveStates } from "./resolve-states.ts";
import { type Extremity, type KnownState, POWER_LEVELS_KEY, type RoomHead } from "./room-head.ts";
import { stageRedaction } from "./stage-redaction.ts";
import type { StagedRedaction } from "./staged-event.ts";

export type ReceiveDeps = JudgeReceivedDeps & {
  readonly storage: Pick<Storage<"events" | "roomState" | "memberships">, "read">;
  readonly sha256: Sha256;
  readonly judge: NotificationJudge;
};

export type ReceivedEvent = { readonly eventId: EventId; readonly pdu: Pdu };

/** An event from elsewhere, judged, with all that its write needs to know. */
export type PreparedReceipt = ReceivedEvent & {
  readonly judged: Judged;
  /** What it does to the room; nothing unless it is accepted. */
  readonly effect: ReceiptEffect | undefined;
};

export type ReceiptEffect = {
  readonly extremities: readonly Extremity[];
  /** What the other ends of the graph change in the state after the event to make the current state. */
  readonly besideOwnState: readonly StateChange[];
  /** What becomes of the current state. */
  readonly changes: readonly StateChange[];
  readonly known: ReadonlyMap<string, KnownState>;
  /** Where the users stood whose membership changes. */
  readonly memberships: ReadonlyMap<UserId, MembershipRecord>;
  /** How many are joined after it. */
  readonly joined: number;
  readonly redaction: StagedRedaction | undefined;
  readonly threadRoot: EventId | undefined;
  readonly judgement: Judgement;
};

/** Judges an event from elsewhere and reads what its write needs. What the store says must be all there is. */
export async function prepareReceipt(
  deps: ReceiveDeps,
  { head, ...received }: ReceivedEvent & { head: RoomHead },
): Promise<PreparedReceipt | NotJudged> {
  const judged = await judgeReceived(deps, { head, ...received });
  if (judged.outcome === "known" || judged.outcome === "missing") return judged;
  const effect = judged.outcome === "accepted" ? await effectOf(deps, { head, judged, ...received }) : undefined;
  return { ...received, judged, effect };
}

async function effectOf(
  deps: ReceiveDeps,
  { head, judged, eventId, pdu }: ReceivedEvent & { head: RoomHead; judged: Judged },
): Promise<ReceiptEffect> {
  const { version, roomId, create } = head;
  const previous = new Set(judged.prevEvents);
  const others = head.extremities.filter((extremity) => !previous.has(extremity.eventId));
  const hash = version.eventFormat === "v1" ? unpaddedBase64(referenceHash(pdu, version, deps.sha256)) : undefined;
  const own: Extremity = { eventId, depth: depthOf(pdu), referenceHash: hash };

  const stateAfter = stateWith(judged.stateBefore.state, { eventId, pdu });
  const current = await currentState(deps, { head, others, stateAfter, received: { eventId, pdu } });
  const changes = differences(head.state, current);

  const levels = powerLevelsOf({ version, create, powerLevels: judged.authState.get(POWER_LEVELS_KEY) });
  const event = async (id: EventId) => {
    const stored = await deps.storage.read.events.byId(id);
    return stored?.roomId === roomId ? stored : undefined;
  };
  const relation = relationOf(pdu);
  const related = relation === undefined ? undefined : await event(relation.eventId);
  const threadRoot = relation?.relType === "m.thread" ? relation.eventId : related?.threadRoot;
  const changed = await changedEvents(deps, { head, changes, received: { eventId, pdu } });
  const joined = joinedAfter(head, changes, changed);
  const state = async (type: string, stateKey: string) => {
    const key = stateMapKey(type, stateKey);
    const known = changed.known.get(key);
    const id = current.get(key);
    if (known !== undefined || id === undefined) return known?.pdu;
    const stored = await event(id);
    return stored === undefined ? undefined : parsePdu(stored.json, version);
  };
  return {
    extremities: [own, ...others],
    besideOwnState: differences(stateAfter, current),
    changes,
    ...changed,
    joined,
    redaction: pdu.type === "m.room.redaction" ? await stageRedaction({ version, levels, event }, pdu) : undefined,
    threadRoot,
    judgement: await deps.judge.judge({ roomId, eventId, event: pdu, version, levels, joined, threadRoot, state }),
  };
}

function stateWith(state: StateMap, { eventId, pdu: { type, state_key: stateKey } }: ReceivedEvent): StateMap {
  return stateKey === undefined ? state : new Map(state).set(stateMapKey(type, stateKey), eventId);
}

/** All ends of the graph make the current state together. */
async function currentState(
  deps: ReceiveDeps,
  {
    head,
    others,
    stateAfter,
    received,
  }: { head: RoomHead; others: readonly Extremity[]; stateAfter: StateMap; received: ReceivedEvent },
): Promise<StateMap> {
  if (others.length === 0) return stateAfter;
  const { events, roomState } = deps.storage.read;
  const ends = await events.byIds(others.map(({ eventId }) => eventId));
  const groups = [...new Set(ends.map((end) => end.stateAfter))];
  const states = await Promise.all(groups.map((group) => roomState.map(group)));
  return resolveStates(deps, { version: head.version, stateSets: [stateAfter, ...states], given: [received] });
}

/** The events that come into the current state, and where users stood who get another membership. */
async function changedEvents(
  { storage: { read } }: ReceiveDeps,
  { head, changes, received }: { head: RoomHead; changes: readonly StateChange[]; received: ReceivedEvent },
): Promise<Pick<ReceiptEffect, "known" | "memberships">> {
  const pdus = new Map([[received.eventId, received.pdu]]);
  const ids = changes.flatMap(({ eventId }) => (eventId === undefined || pdus.has(eventId) ? [] : [eventId]));
  for (const { eventId, json } of await read.events.byIds(ids)) pdus.set(eventId, parsePdu(json, head.version));
  const known = new Map<string, KnownState>();
  const memberships = new Map<UserId, MembershipRecord>();
  for (const { key, eventId } of changes) {
    const pdu = eventId === undefined ? undefined : pdus.get(eventId);
    if (eventId !== undefined && pdu !== undefined) known.set(key, { eventId, pdu });
    const [type, stateKey] = parseStateMapKey(key);
    if (type !== "m.room.member") continue;
    const userId = stateKey as UserId;
    const membership = await read.memberships.get(head.roomId, userId);
    if (membership !== undefined) memberships.set(userId, membership);
  }
  return { known, memberships };
}

/** How many are joined after the changes, by how those whose membership changes stood before. */
function joinedAfter(
  head: RoomHead,
  changes: readonly StateChange[],
  { known, memberships }: Pick<ReceiptEffect, "known" | "memberships">,
): number {
  let { joined } = head;
  for (const { key } of changes) {
    const [type, stateKey] = parseStateMapKey(key);
    if (type !== "m.room.member") continue;
    const before = memberships.get(stateKey as UserId)?.membership;
    joined += Number(membershipIn(known.get(key)?.pdu) === "join") - Number(before === "join");
  }
  return joined;
}
