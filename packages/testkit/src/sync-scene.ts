import type { EventId, JsonObject, RoomId, UserId } from "@croft/protocol";
import { addMember, createRoom, joinRoom, leaveRoom, type RoomWishes, TypingUsers } from "@croft/rooms";
import type { ReceiptType } from "@croft/storage";
import { createSync, type Sync, type SyncArgs, sync } from "@croft/sync";
import { type TestRooms, testRooms } from "./test-rooms.ts";

/** A `/sync` reply, as far as tests look into it. */
export type SyncReply = {
  readonly next_batch: string;
  readonly rooms?: {
    readonly join?: { readonly [roomId: RoomId]: SyncedRoom };
    readonly invite?: { readonly [roomId: RoomId]: { readonly invite_state: EventList } };
    readonly knock?: { readonly [roomId: RoomId]: { readonly knock_state: EventList } };
    readonly leave?: { readonly [roomId: RoomId]: SyncedRoom };
  };
  readonly account_data?: EventList;
  readonly to_device?: EventList;
  readonly device_lists?: { readonly changed: readonly UserId[]; readonly left: readonly UserId[] };
  readonly device_one_time_keys_count: { readonly [algorithm: string]: number };
  readonly device_unused_fallback_key_types: readonly string[];
};

export type SyncedRoom = {
  readonly timeline: EventList & { readonly limited: boolean; readonly prev_batch: string };
  readonly state: EventList;
  readonly state_after?: EventList;
  readonly ephemeral: EventList;
  readonly account_data: EventList;
  readonly summary: JsonObject;
  readonly unread_notifications: JsonObject;
};

export type EventList = { readonly events: readonly SyncedEvent[] };
export type SyncedEvent = {
  readonly type: string;
  readonly event_id: EventId;
  readonly sender: UserId;
  readonly state_key?: string;
  readonly content: JsonObject;
  readonly unsigned: JsonObject;
};

type Asked = Partial<Omit<SyncArgs, "userId" | "signal">>;

/** Rooms of the server `here`, and their members' syncs. */
export class SyncScene {
  readonly rooms: TestRooms;
  readonly typing: TypingUsers;
  #sync: Sync;

  private constructor(rooms: TestRooms) {
    this.rooms = rooms;
    this.typing = new TypingUsers(rooms);
    this.#sync = this.#createSync();
  }

  static async open(): Promise<SyncScene> {
    return new SyncScene(await testRooms());
  }

  get sync(): Sync {
    return this.#sync;
  }

  /** As after a start of the server: nothing is left of what sync keeps in memory. */
  restartSync(): void {
    this.#sync[Symbol.dispose]();
    this.#sync = this.#createSync();
  }

  room(creator: UserId, wishes: Omit<RoomWishes, "creator"> = {}): Promise<RoomId> {
    return createRoom(this.rooms, { preset: "public_chat", ...wishes, creator });
  }

  async say(sender: UserId, roomId: RoomId, body: string, more: JsonObject = {}): Promise<EventId> {
    const draft = { type: "m.room.message", sender, content: { msgtype: "m.text", body, ...more } };
    return (await this.rooms.graph.append(roomId, (room) => room.add(draft))).eventId;
  }

  async set(sender: UserId, roomId: RoomId, type: string, content: JsonObject, stateKey = ""): Promise<EventId> {
    const draft = { type, sender, content, stateKey };
    return (await this.rooms.graph.append(roomId, (room) => room.add(draft))).eventId;
  }

  join(userId: UserId, roomId: RoomId): Promise<void> {
    return joinRoom(this.rooms, { joiner: { userId, isGuest: false }, roomId });
  }

  leave(userId: UserId, roomId: RoomId): Promise<void> {
    return leaveRoom(this.rooms, { userId, roomId });
  }

  async member(sender: UserId, userId: UserId, roomId: RoomId, membership: "invite" | "ban" | "leave"): Promise<void> {
    await this.rooms.graph.append(roomId, (room) => addMember(this.rooms, room, { sender, userId, membership }));
  }

  async read(userId: UserId, roomId: RoomId, eventId: EventId, type: ReceiptType = "m.read"): Promise<void> {
    const { storage, clock } = this.rooms;
    const eventPosition = (await storage.read.events.byId(eventId))?.position;
    const receipt = { userId, roomId, type, threadId: undefined, eventId, eventPosition, ts: clock.now() };
    await storage.write(async (tx) => tx.receipts.set(receipt));
  }

  async accountData(userId: UserId, type: string, content: JsonObject, roomId?: RoomId): Promise<void> {
    await this.rooms.storage.write(async (tx) => {
      tx.accountData.set({ userId, roomId, type }, JSON.stringify(content));
    });
  }

  async ask(userId: UserId, asked: Asked = {}): Promise<SyncReply> {
    const { signal } = new AbortController();
    return JSON.parse(await sync(this.#sync, { deviceId: "DEVICE", ...asked, userId, signal: () => signal }));
  }

  /** A long-poll: resolves once it waits, or is answered. */
  async poll(userId: UserId, asked: Asked & { readonly since: string }): Promise<LongPoll> {
    const controller = new AbortController();
    const waiting = this.#sync.notifier.waiting;
    let isAnswered = false;
    const args = { deviceId: "DEVICE", timeout: 30_000, ...asked, userId, signal: () => controller.signal };
    const reply = sync(this.#sync, args).then((text): SyncReply => {
      isAnswered = true;
      return JSON.parse(text);
    });
    const poll: LongPoll = { isAnswered: () => isAnswered, abort: () => controller.abort(), reply };
    while (!isAnswered && this.#sync.notifier.waiting === waiting) await new Promise(setImmediate);
    return poll;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sync[Symbol.dispose]();
    this.typing[Symbol.dispose]();
    await this.rooms[Symbol.asyncDispose]();
  }

  #createSync(): Sync {
    return createSync({ ...this.rooms, typing: this.typing });
  }
}

export type LongPoll = {
  readonly isAnswered: () => boolean;
  /** The caller leaves. */
  readonly abort: () => void;
  readonly reply: Promise<SyncReply>;
};
