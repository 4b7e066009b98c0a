import { authEventTypes } from "../auth-rules/auth-event-types.ts";
import { checkAuth } from "../auth-rules/check-auth.ts";
import { numberOf } from "../canonical-json/raw-number.ts";
import type { Pdu } from "../events/pdu.ts";
import type { EventId, UserId } from "../identifiers/types.ts";
import type { JsonObject } from "../json.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { type ResolvedState, resolveState } from "./resolve-state.ts";
import { type StateMap, stateMapKey } from "./state-map.ts";

/** For tests: a room whose events are made one by one on any branch, with ids that tell them apart and nothing more. */
export class ForkedRoom {
  readonly version: RoomVersion;
  readonly events = new Map<EventId, Pdu>();
  /** The state after each event. */
  readonly states = new Map<EventId, StateMap>();
  readonly createId: EventId;
  #time = 0;

  constructor(version: RoomVersion, creator: UserId, content: JsonObject = {}) {
    this.version = version;
    this.createId = this.#id("create");
    this.#store(this.createId, new Map(), {
      type: "m.room.create",
      sender: creator,
      state_key: "",
      content: version.implicitCreator ? content : { creator, ...content },
      prev_events: [],
      auth_events: [],
      depth: 1,
      origin_server_ts: this.#time++,
      ...(version.roomIdIsCreateHash ? {} : { room_id: "!create:a" }),
      ...UNSIGNED,
    });
  }

  /** Sends a state event after some events, whether or not the rules allow it there; answers its id. */
  send(name: string, after: readonly EventId[], draft: Draft): EventId {
    const { event, state } = this.#build(after, draft);
    const eventId = this.#id(name);
    this.#store(eventId, state, event);
    return eventId;
  }

  /** As `send`, but sends nothing and answers undefined where the state before the event does not allow it. */
  sendIfAllowed(name: string, after: readonly EventId[], draft: Draft): EventId | undefined {
    const { event, state } = this.#build(after, draft);
    const { allowed } = checkAuth({
      version: this.version,
      event,
      createEventId: this.createId,
      authState: (type, stateKey) => {
        const found = state.get(stateMapKey(type, stateKey));
        return found === undefined ? undefined : this.events.get(found);
      },
      signatures: { signedByServer: () => true, signedByKey: () => true },
    });
    if (!allowed) return undefined;
    const eventId = this.#id(name);
    this.#store(eventId, state, event);
    return eventId;
  }

  resolve(stateSets: readonly StateMap[]): StateMap {
    const resolved = this.tryResolve(stateSets);
    if (!resolved.resolved) throw new Error(`missing ${resolved.missing.join(" ")}`);
    return resolved.state;
  }

  tryResolve(stateSets: readonly StateMap[], events: ReadonlyMap<EventId, Pdu> = this.events): ResolvedState {
    const { version } = this;
    return resolveState({ version, stateSets, events: (id) => events.get(id), signedByKey: () => true });
  }

  /** The state where some branches meet. */
  stateAfter(eventIds: readonly EventId[]): StateMap {
    return this.resolve(eventIds.map((eventId) => this.states.get(eventId) ?? new Map()));
  }

  #build(after: readonly EventId[], { content, at, ...draft }: Draft): { event: Pdu; state: StateMap } {
    const state = this.stateAfter(after);
    const unsent = { state_key: "", ...draft, content: content ?? {} };
    const citations = authEventTypes(unsent, this.version)
      .map(([type, stateKey]) => state.get(stateMapKey(type, stateKey)))
      .filter((eventId) => eventId !== undefined);
    const event: Pdu = {
      ...unsent,
      room_id: this.version.roomIdIsCreateHash ? `!${this.createId.slice(1)}` : "!create:a",
      prev_events: this.#edges(after),
      auth_events: this.#edges(citations),
      depth: 1 + Math.max(...after.map((eventId) => numberOf(this.events.get(eventId)?.depth) ?? 0)),
      origin_server_ts: at ?? this.#time++,
      ...UNSIGNED,
    };
    return { event, state };
  }

  #store(eventId: EventId, before: StateMap, event: Pdu): void {
    this.events.set(eventId, event);
    this.states.set(eventId, new Map(before).set(stateMapKey(event.type, event.state_key ?? ""), eventId));
  }

  #id(name: string): EventId {
    const eventId: EventId = this.version.eventFormat === "v1" ? `$${name}:a` : `$${name}`;
    if (this.events.has(eventId)) throw new Error(`two events are named ${name}`);
    return eventId;
  }

  #edges(eventIds: readonly EventId[]): Pdu["prev_events"] {
    return this.version.eventFormat === "v1" ? eventIds.map((id) => [id, { sha256: "" }]) : eventIds;
  }
}

export type Draft = {
  readonly type: string;
  readonly sender: UserId;
  readonly state_key?: string;
  readonly content?: JsonObject;
  /** `origin_server_ts`; a new tick for each event unless given. */
  readonly at?: number;
};

const UNSIGNED = { hashes: { sha256: "" }, signatures: {} } as const;

/** A source of numbers below a bound that gives the same numbers for the same seed. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export type RandomRoom = { readonly room: ForkedRoom; readonly extremities: readonly EventId[] };

/**
 * A room of about `size` state events on several branches, which now and then meet. Members join, leave, are kicked
 * and banned, change power, join rules and topics; whatever their own branch allows.
 */
export function randomForkedRoom(
  version: RoomVersion,
  {
    seed,
    size,
    users,
    branches,
  }: { readonly seed: number; readonly size: number; readonly users: number; readonly branches: number },
): RandomRoom {
  const below = seeded(seed);
  const names = Array.from({ length: users }, (_, index): UserId => `@u${index}:s${index % 7}`);
  const user = (): UserId => names[below(users)]!;
  const creator = names[0]!;
  const room = new ForkedRoom(version, creator);
  let last = room.createId;
  last = room.send("join", [last], membership(creator, creator, "join"));
  const level = version.privilegedCreators ? {} : { [creator]: 100 };
  last = room.send("levels", [last], state("m.room.power_levels", creator, { users: { ...level, [names[1]!]: 50 } }));
  last = room.send("rules", [last], state("m.room.join_rules", creator, { join_rule: "public" }));

  const tips = Array.from({ length: branches }, () => last);
  for (let index = 0; room.events.size < size && index < size * 4; index++) {
    const branch = below(branches);
    const other = below(50) === 0 ? below(branches) : branch;
    const after = [...new Set([tips[branch]!, tips[other]!])];
    // Few moments for many events: ties are broken by id too.
    const draft = { ...randomDraft(below, user), at: 10 + below(size) };
    const sent = room.sendIfAllowed(`e${index.toString(36)}`, after, draft);
    if (sent !== undefined) tips[branch] = sent;
  }
  return { room, extremities: [...new Set(tips)] };
}

function randomDraft(below: (bound: number) => number, user: () => UserId): Draft {
  const [sender, target] = [user(), user()];
  const kind = below(20);
  if (kind < 9) return membership(sender, sender, below(5) === 0 ? "leave" : "join");
  if (kind < 11) return membership(sender, target, "invite");
  if (kind < 12) return membership(sender, target, "leave");
  if (kind < 13) return membership(sender, target, "ban");
  if (kind < 15) return state("m.room.power_levels", sender, { users: { [user()]: 50, [target]: below(101) } });
  if (kind < 16) return state("m.room.join_rules", sender, { join_rule: below(3) === 0 ? "invite" : "public" });
  return state(kind < 18 ? "m.room.topic" : "m.room.name", sender, { text: below(1000) });
}

export const membership = (sender: UserId, target: UserId, to: string): Draft => ({
  type: "m.room.member",
  sender,
  state_key: target,
  content: { membership: to },
});

export const state = (type: string, sender: UserId, content: JsonObject): Draft => ({ type, sender, content });
