import {
  authEventIds,
  checkAuth,
  checkAuthEventsSelection,
  type EventId,
  type Pdu,
  prevEventIds,
  type StateMap,
  stateMapKey,
} from "@croft/protocol";
import type { StateChange, StateGroup, Storage, StoredEvent } from "@croft/storage";
import { authEventKeys } from "./build-event.ts";
import { parsePdu } from "./parse-pdu.ts";
import { differences, type ResolveStatesDeps, resolveStates } from "./resolve-states.ts";
import type { RoomHead } from "./room-head.ts";
import type { EventDraft } from "./staged-event.ts";

export type JudgeReceivedDeps = ResolveStatesDeps & {
  readonly storage: Pick<Storage<"events" | "roomState">, "read">;
};

/** A state map, as it can be stored: what it changes in a group that is. */
export type GroupedState = {
  readonly state: StateMap;
  readonly base: StateGroup;
  readonly changes: readonly StateChange[];
};

/** An event that can be judged, and what was found. */
export type Judged = {
  readonly outcome: "accepted" | "softFailed" | "rejected";
  /** Why it was not accepted. */
  readonly reason: string | undefined;
  readonly prevEvents: readonly EventId[];
  readonly stateBefore: GroupedState;
  /** The events of the state before it that its own rules ask for, by state map key. */
  readonly authState: ReadonlyMap<string, Pdu>;
};

export type NotJudged =
  | { readonly outcome: "known"; readonly status: StoredEvent["status"] }
  /** These are needed first. */
  | { readonly outcome: "missing"; readonly eventIds: readonly EventId[] };

/**
 * Checks 4 to 6 of the receipt of a PDU, whose format, hash and signatures have been checked: its auth events and the
 * state before it may reject it, the current state may soft-fail it. Reads the store, so what is under way must have
 * been written. https://spec.matrix.org/v1.19/server-server-api/#checks-performed-on-receipt-of-a-pdu
 */
export async function judgeReceived(
  deps: JudgeReceivedDeps,
  { head, pdu, eventId }: { head: RoomHead; pdu: Pdu; eventId: EventId },
): Promise<Judged | NotJudged> {
  const { events } = deps.storage.read;
  const known = await events.byId(eventId);
  if (known !== undefined && known.status !== "outlier") return { outcome: "known", status: known.status };
  const prevEvents = prevEventIds(pdu);
  // What another room's graph holds is no past of this one: its state would become this room's.
  const isPast = ({ roomId, status }: StoredEvent) => roomId === head.roomId && status !== "outlier";
  const before = (await events.byIds(prevEvents)).filter(isPast);
  const cited = await events.byIds(authEventIds(pdu));
  const missing = [...lacking(prevEvents, before), ...lacking(authEventIds(pdu), cited)];
  if (missing.length > 0) return { outcome: "missing", eventIds: [...new Set(missing)] };

  const { version } = head;
  const stateBefore = await stateAfterAll(deps, head, before);
  const judged = { prevEvents, stateBefore, authState: await authStateIn(deps, head, pdu, stateBefore.state) };

  // 4. Passes authorization rules based on the event's auth events, otherwise it is rejected.
  const authEvents = cited.map(({ json, status }) => ({
    event: parsePdu(json, version),
    rejected: status === "rejected",
  }));
  const selection = checkAuthEventsSelection({ version, event: pdu, authEvents });
  if (!selection.allowed) return { outcome: "rejected", reason: selection.reason, ...judged };
  const byAuthEvents = allowedBy(deps, head, pdu, new Map(authEvents.map(({ event }) => [keyOf(event), event])));
  if (byAuthEvents !== undefined) return { outcome: "rejected", reason: byAuthEvents, ...judged };

  // 5. Passes authorization rules based on the state before the event, otherwise it is rejected.
  const byStateBefore = allowedBy(deps, head, pdu, judged.authState);
  if (byStateBefore !== undefined) return { outcome: "rejected", reason: byStateBefore, ...judged };

  // 6. Passes authorization rules based on the current state of the room, otherwise it is soft-failed.
  const byCurrentState = allowedBy(deps, head, pdu, await authStateIn(deps, head, pdu, head.state));
  return { outcome: byCurrentState === undefined ? "accepted" : "softFailed", reason: byCurrentState, ...judged };
}

const keyOf = ({ type, state_key = "" }: Pdu): string => stateMapKey(type, state_key);

function lacking(wanted: readonly EventId[], found: readonly StoredEvent[]): EventId[] {
  const ids = new Set(found.map(({ eventId }) => eventId));
  return wanted.filter((eventId) => !ids.has(eventId));
}

/** The state that the states after these make. */
async function stateAfterAll(
  deps: JudgeReceivedDeps,
  { version }: RoomHead,
  events: readonly StoredEvent[],
): Promise<GroupedState> {
  const groups = [...new Set(events.map(({ stateAfter }) => stateAfter))];
  const stateSets = await Promise.all(groups.map((group) => deps.storage.read.roomState.map(group)));
  const [base = 0] = groups;
  const [first = new Map()] = stateSets;
  const state = stateSets.length > 1 ? await resolveStates(deps, { version, stateSets }) : first;
  return { state, base, changes: differences(first, state) };
}

/** Undefined when the rules allow it, else why they do not. */
function allowedBy(
  { signatures }: JudgeReceivedDeps,
  { version, create, createEventId }: RoomHead,
  event: Pdu,
  state: ReadonlyMap<string, Pdu>,
): string | undefined {
  const authState = (type: string, stateKey: string): Pdu | undefined =>
    state.get(stateMapKey(type, stateKey)) ??
    (version.roomIdIsCreateHash && type === "m.room.create" && stateKey === "" ? create : undefined);
  const verdict = checkAuth({ version, event, authState, createEventId, signatures });
  return verdict.allowed ? undefined : verdict.reason;
}

async function authStateIn(
  { storage }: JudgeReceivedDeps,
  { version }: RoomHead,
  { type, sender, content, state_key: stateKey }: Pdu,
  state: StateMap,
): Promise<Map<string, Pdu>> {
  const draft: EventDraft = { type, sender, content, stateKey };
  const ids = authEventKeys(draft, version).flatMap((key) => state.get(key) ?? []);
  const events = await storage.read.events.byIds(ids);
  return new Map(events.map(({ json }) => parsePdu(json, version)).map((pdu) => [keyOf(pdu), pdu]));
}
