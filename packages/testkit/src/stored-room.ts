import {
  canonicalJson,
  type EventId,
  type JsonObject,
  type RoomId,
  roomVersion,
  stateMapKey,
  type UserId,
} from "@croft/protocol";
import type { MembershipValue, OpenStorage, StateGroup, StoredEvent } from "@croft/storage";

export type AppendedEvent = {
  readonly type: string;
  readonly sender: UserId;
  readonly content: JsonObject;
  readonly stateKey?: string;
  /** In the event but outside its content: `redacts` of old room versions. */
  readonly topLevel?: JsonObject;
  readonly originServerTs?: number;
  readonly sentBy?: { readonly deviceId: string; readonly txnId: string };
  readonly status?: StoredEvent["status"];
  /** One deeper than the last event, unless it comes from another branch of the graph. */
  readonly depth?: number;
  readonly threadRoot?: EventId;
  readonly relatesTo?: { readonly eventId: EventId; readonly relType: string };
};

/**
 * A room written straight into the stores, event by event, as its author says: no rule is applied. For tests of what
 * reads rooms.
 */
export class StoredRoom {
  readonly roomId: RoomId;
  readonly #storage: OpenStorage;
  #depth = 0;
  #stateGroup: StateGroup = 0;
  #last: EventId | undefined;
  #count = 0;

  private constructor(storage: OpenStorage, roomId: RoomId) {
    this.#storage = storage;
    this.roomId = roomId;
  }

  /** `creator` creates and joins. */
  static async create(
    storage: OpenStorage,
    { creator, name, version = "10" }: { readonly creator: UserId; readonly name: string; readonly version?: string },
  ): Promise<StoredRoom> {
    if (roomVersion(version) === undefined) throw new Error(`no room version ${version}`);
    const room = new StoredRoom(storage, `!${name}:test`);
    await storage.write(async (tx) => {
      tx.rooms.create({ roomId: room.roomId, version, creator, partialState: false });
    });
    await room.append({ type: "m.room.create", sender: creator, stateKey: "", content: { room_version: version } });
    await room.member(creator, "join");
    return room;
  }

  message(sender: UserId, body: string): Promise<StoredEvent> {
    return this.append({ type: "m.room.message", sender, content: { msgtype: "m.text", body } });
  }

  historyVisibility(sender: UserId, value: string): Promise<StoredEvent> {
    const content = { history_visibility: value };
    return this.append({ type: "m.room.history_visibility", sender, stateKey: "", content });
  }

  member(userId: UserId, membership: MembershipValue, sender: UserId = userId): Promise<StoredEvent> {
    return this.append({ type: "m.room.member", sender, stateKey: userId, content: { membership } });
  }

  async append(event: AppendedEvent): Promise<StoredEvent> {
    const eventId: EventId = `$${this.roomId.slice(1).replace(":", "-")}-${this.#count++}`;
    const status = event.status ?? "accepted";
    const { json, contentStart, contentEnd } = this.#text(event);
    const { roomId } = this;
    const depth = event.depth ?? this.#depth + 1;
    const before = this.#stateGroup;
    const after = await this.#storage.write(async (tx) => {
      const position = tx.nextPosition();
      const { type, sender, stateKey } = event;
      const change = stateKey === undefined ? undefined : { key: stateMapKey(type, stateKey), eventId };
      const group =
        change === undefined || status !== "accepted" ? before : await tx.roomState.derive(before, [change]);
      tx.events.append({
        eventId,
        roomId,
        type,
        sender,
        stateKey,
        originServerTs: event.originServerTs ?? 1000 + depth,
        depth,
        position,
        json,
        contentStart,
        contentEnd,
        status,
        stateBefore: before,
        stateAfter: group,
        sentBy: event.sentBy,
        ...(event.threadRoot === undefined ? {} : { threadRoot: event.threadRoot }),
        ...(event.relatesTo === undefined ? {} : { relatesTo: event.relatesTo }),
        notifies: false,
        highlights: false,
      });
      if (status !== "accepted") return group;
      tx.rooms.moveHead({
        roomId,
        consumed: this.#last === undefined ? [] : [this.#last],
        added: [{ eventId, depth }],
        stateGroup: group,
      });
      if (type === "m.room.member" && stateKey !== undefined) {
        const userId = stateKey as UserId;
        const standing = await tx.memberships.get(roomId, userId);
        const membership = event.content["membership"] as MembershipValue;
        const joinedSince = membership === "join" ? (standing?.joinedSince ?? position) : undefined;
        tx.memberships.set({
          roomId,
          userId,
          membership,
          eventId,
          position,
          joinedSince,
          sender,
          strippedState: undefined,
        });
      }
      tx.touch({ roomId });
      return group;
    });
    if (status === "accepted") {
      this.#depth = depth;
      this.#stateGroup = after;
      this.#last = eventId;
    }
    return await this.#stored(eventId);
  }

  /** Redacts all of an event's content. */
  async redact(target: StoredEvent, sender: UserId): Promise<StoredEvent> {
    const redaction = await this.append({
      type: "m.room.redaction",
      sender,
      content: {},
      topLevel: { redacts: target.eventId },
    });
    await this.#storage.write(async (tx) => {
      const text = this.#text({ type: target.type, sender: target.sender, content: {} });
      tx.events.redact({ eventId: target.eventId, by: redaction.eventId, ...text });
    });
    return redaction;
  }

  #text({ type, sender, content, stateKey, topLevel = {} }: AppendedEvent) {
    const json = canonicalJson({
      type,
      sender,
      content,
      room_id: this.roomId,
      ...(stateKey === undefined ? {} : { state_key: stateKey }),
      prev_events: this.#last === undefined ? [] : [this.#last],
      ...topLevel,
    });
    const text = canonicalJson(content);
    const contentStart = json.indexOf(`"content":${text}`) + '"content":'.length;
    return { json, contentStart, contentEnd: contentStart + text.length };
  }

  async #stored(eventId: EventId): Promise<StoredEvent> {
    const event = await this.#storage.read.events.byId(eventId);
    if (event === undefined) throw new Error(`${eventId} was not stored`);
    return event;
  }
}
