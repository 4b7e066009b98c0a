import {
  checkAuth,
  depthOf,
  type EventId,
  eventJson,
  forbidden,
  MAX_PREV_EVENTS,
  type Pdu,
  type PowerLevels,
  powerLevelsOf,
  type RoomId,
  type RoomVersion,
  referenceHash,
  type SignatureChecks,
  stateMapKey,
  type UserId,
  unpaddedBase64,
} from "@croft/protocol";
import type { MembershipValue, Storage, StoredEvent, Stores, WriteTools } from "@croft/storage";
import type { JudgedEvent, NotificationJudge } from "../ports.ts";
import { authEventKeys, type BuildEventDeps, buildEvent } from "./build-event.ts";
import { ownContentSpan } from "./content-span.ts";
import { isMembership, membershipIn } from "./membership-of.ts";
import { parsePdu } from "./parse-pdu.ts";
import { type Relation, relationOf } from "./relations.ts";
import { type Extremity, type KnownState, POWER_LEVELS_KEY, type RoomHead } from "./room-head.ts";
import { stageRedaction } from "./stage-redaction.ts";
import type { EventDraft, StagedEvent, StagedMembership, StagedState } from "./staged-event.ts";

export type OpenRoomDeps = BuildEventDeps & {
  readonly storage: Pick<Storage<"events" | "memberships">, "read">;
  readonly judge: NotificationJudge;
  readonly signatures: SignatureChecks;
  /** Waits for the room's writes under way; false when there were none. */
  readonly settled: (head: RoomHead) => Promise<boolean>;
};

export type AddedEvent = { readonly eventId: EventId; readonly pdu: Pdu };

/**
 * A room whose lock is held, as the graph will be with the events added so far. What is added is written, all or nothing,
 * when the append it belongs to ends.
 */
export class OpenRoom {
  readonly #deps: OpenRoomDeps;
  readonly #head: RoomHead;
  /** 0 at first; above, what an earlier attempt built on was overtaken. */
  readonly attempt: number;
  readonly staged: StagedEvent[] = [];
  readonly alongside: ((tx: Stores & WriteTools) => void)[] = [];
  readonly changes = new Map<string, KnownState>();
  extremities: readonly Extremity[];
  levels: PowerLevels;
  joined: number;

  constructor(deps: OpenRoomDeps, { head, attempt }: { head: RoomHead; attempt: number }) {
    this.#deps = deps;
    this.#head = head;
    this.attempt = attempt;
    this.extremities = head.extremities;
    this.levels = head.levels;
    this.joined = head.joined;
  }

  get roomId(): RoomId {
    return this.#head.roomId;
  }

  get version(): RoomVersion {
    return this.#head.version;
  }

  get create(): Pdu {
    return this.#head.create;
  }

  stateEventId(type: string, stateKey: string): EventId | undefined {
    const key = stateMapKey(type, stateKey);
    return this.changes.get(key)?.eventId ?? this.#head.state.get(key);
  }

  /** Every state key of the current state with its event, those of earlier additions included. */
  *stateEntries(): Iterable<readonly [key: string, eventId: EventId]> {
    for (const [key, eventId] of this.#head.state) if (!this.changes.has(key)) yield [key, eventId];
    for (const [key, { eventId }] of this.changes) yield [key, eventId];
  }

  async state(type: string, stateKey: string): Promise<Pdu | undefined> {
    const key = stateMapKey(type, stateKey);
    return (this.#inMemory(key) ?? (await this.#load(key)))?.pdu;
  }

  async membership(userId: UserId): Promise<MembershipValue | undefined> {
    return membershipIn(await this.state("m.room.member", userId));
  }

  /** An event of this room, one whose write is under way included. */
  async event(eventId: EventId): Promise<StoredEvent | undefined> {
    let stored = await this.#deps.storage.read.events.byId(eventId);
    if (stored === undefined && (await this.#deps.settled(this.#head))) {
      stored = await this.#deps.storage.read.events.byId(eventId);
    }
    return stored?.roomId === this.roomId ? stored : undefined;
  }

  /** Resolves when all earlier events of the room can be read from the store. */
  async written(): Promise<void> {
    await this.#deps.settled(this.#head);
  }

  /** Writes of the use case's own, in the same transaction as the events. */
  write(collect: (tx: Stores & WriteTools) => void): void {
    this.alongside.push(collect);
  }

  /** Adds an event after those added before. Throws `M_FORBIDDEN` for one the room's rules refuse. */
  async add(draft: EventDraft): Promise<AddedEvent> {
    const { version, roomId } = this;
    const authEvents: KnownState[] = [];
    for (const key of authEventKeys(draft, version)) {
      const known = this.#inMemory(key) ?? (await this.#load(key));
      if (known !== undefined) authEvents.push(known);
    }
    const prevEvents = this.extremities.slice(0, MAX_PREV_EVENTS);
    const built = buildEvent(this.#deps, { draft, roomId, version, prevEvents, authEvents });
    this.#authorise(built.pdu, authEvents);
    const pdu = draft.countersign === undefined ? built.pdu : await draft.countersign(built);
    return this.stage({ pdu, eventId: built.eventId, draft, prevEvents });
  }

  /** Takes in an event that is built and allowed. */
  async stage({
    pdu,
    eventId,
    draft,
    prevEvents,
  }: AddedEvent & { draft: EventDraft; prevEvents: readonly Extremity[] }): Promise<AddedEvent> {
    const json = eventJson(pdu);
    const change = draft.stateKey === undefined ? undefined : await this.#change(pdu, draft);
    const redaction = pdu.type === "m.room.redaction" ? await stageRedaction(this, pdu) : undefined;
    const relation = relationOf(pdu);
    const threadRoot = relation === undefined ? undefined : await this.#threadRoot(relation);
    if (change !== undefined) this.#advanceState(change, { eventId, pdu });
    const { version, roomId, levels, joined } = this;
    const state: JudgedEvent["state"] = (type, stateKey) => this.state(type, stateKey);
    const judged = this.#deps.judge.judge({ roomId, eventId, event: pdu, version, levels, joined, threadRoot, state });
    const depth = depthOf(pdu);
    this.staged.push({
      eventId,
      pdu,
      json,
      ...ownContentSpan(json),
      depth,
      change,
      redaction,
      relation,
      threadRoot,
      sentBy: draft.sentBy,
      judgement: judged instanceof Promise ? await judged : judged,
    });
    const hash =
      version.eventFormat === "v1" ? unpaddedBase64(referenceHash(pdu, version, this.#deps.sha256)) : undefined;
    this.extremities = [{ eventId, depth, referenceHash: hash }, ...this.extremities.slice(prevEvents.length)];
    return { eventId, pdu };
  }

  /** An event that relates to one in a thread is in that thread too. */
  async #threadRoot({ relType, eventId }: Relation): Promise<EventId | undefined> {
    return relType === "m.thread" ? eventId : (await this.event(eventId))?.threadRoot;
  }

  #inMemory(key: string): KnownState | undefined {
    return this.changes.get(key) ?? this.#head.known.get(key);
  }

  /** Whatever has no text in memory is stored: what is under way stays in memory until it is. */
  async #load(key: string): Promise<KnownState | undefined> {
    const eventId = this.#head.state.get(key);
    const stored = eventId === undefined ? undefined : await this.#deps.storage.read.events.byId(eventId);
    if (stored === undefined) return undefined;
    const known = { eventId: stored.eventId, pdu: parsePdu(stored.json, this.version) };
    this.#head.known.set(key, known);
    return known;
  }

  /**
   * The rules ask three states: the event's auth events, the state before it, the current one. An event made here follows
   * the present extremities and cites their state, so the three agree in all the rules can ask for.
   */
  #authorise(event: Pdu, authEvents: readonly KnownState[]): void {
    const { version, create, createEventId } = this.#head;
    const verdict = checkAuth({
      version,
      event,
      createEventId,
      signatures: this.#deps.signatures,
      authState: (type, stateKey) =>
        type === "m.room.create" && stateKey === ""
          ? create
          : authEvents.find(({ pdu }) => pdu.type === type && pdu.state_key === stateKey)?.pdu,
    });
    if (!verdict.allowed) throw forbidden(verdict.reason);
  }

  async #change(pdu: Pdu, { stateKey = "", strippedState }: EventDraft): Promise<StagedState> {
    const key = stateMapKey(pdu.type, stateKey);
    const previous = this.changes.get(key)?.eventId ?? this.#head.state.get(key);
    if (pdu.type !== "m.room.member") return { key, previous, membership: undefined };
    const userId = stateKey as UserId;
    const membership = membershipIn(pdu);
    if (!isMembership(membership)) return { key, previous, membership: undefined };
    const staged: StagedMembership = {
      userId,
      membership,
      joinedSince: membership === "join" ? await this.#stayOf(key, userId) : undefined,
      strippedState: strippedState === undefined ? undefined : JSON.stringify(strippedState),
    };
    return { key, previous, membership: staged };
  }

  /** Since when the user has been joined without a break; undefined when they are not. */
  async #stayOf(key: string, userId: UserId): Promise<StagedMembership["joinedSince"]> {
    const known = this.#inMemory(key) ?? (await this.#load(key));
    if (membershipIn(known?.pdu) !== "join") return undefined;
    return known?.joinedSince ?? (await this.#deps.storage.read.memberships.get(this.roomId, userId))?.joinedSince;
  }

  #advanceState({ key, membership }: StagedState, added: AddedEvent): void {
    if (membership !== undefined) {
      const before = membershipIn(this.#inMemory(key)?.pdu);
      this.joined += Number(membership.membership === "join") - Number(before === "join");
    }
    this.changes.set(key, { ...added, joinedSince: membership?.joinedSince });
    if (key === POWER_LEVELS_KEY) {
      this.levels = powerLevelsOf({ version: this.version, create: this.create, powerLevels: added.pdu });
    }
  }
}
