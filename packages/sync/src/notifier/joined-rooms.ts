import type { RoomId, UserId } from "@croft/protocol";
import { KeyedLock } from "@croft/runtime";
import type { MembershipRecord, Storage } from "@croft/storage";

/** How many memberships are kept, users who wait for something not counted: some 150 bytes each. */
const MAX_KEPT = 300_000;

type Entry = {
  /** By room, the position of the join that began the present stay. */
  readonly rooms: Map<RoomId, number>;
  /** How far the rooms are up to date. */
  position: number;
};

export type Memberships = {
  /** The rooms the user is joined to, by room the position at which the present stay began. */
  readonly rooms: ReadonlyMap<RoomId, number>;
  /** The last membership change of each room that had one after the position asked for. */
  readonly changed: readonly MembershipRecord[];
  /** Where the stream stood. */
  readonly upTo: number;
};

/**
 * The rooms of those users who sync, in memory, and the other way round: whom a change of a room concerns. A user's rooms
 * are brought up to date whenever the user asks; between two questions any change of them wakes the user anyway.
 */
export class JoinedRooms {
  readonly #storage: Storage<"memberships">;
  readonly #isWaiting: (userId: UserId) => boolean;
  readonly #maxKept: number;
  readonly #lock = new KeyedLock<UserId>();
  /** In order of use. */
  readonly #users = new Map<UserId, Entry>();
  readonly #usersByRoom = new Map<RoomId, Set<UserId>>();
  #kept = 0;

  constructor(deps: {
    readonly storage: Storage<"memberships">;
    /** Who waits is never forgotten: nothing would wake them. */
    readonly isWaiting: (userId: UserId) => boolean;
    readonly maxKept?: number;
  }) {
    this.#storage = deps.storage;
    this.#isWaiting = deps.isWaiting;
    this.#maxKept = deps.maxKept ?? MAX_KEPT;
  }

  /**
   * Brings a user's rooms up to date and lets `choose` look at them: at once, as a later question of the same user moves
   * them on.
   */
  read<Result>(userId: UserId, after: number, choose: (memberships: Memberships) => Result): Promise<Result> {
    return this.#lock.run(userId, async () => {
      const entry = this.#users.get(userId) ?? (await this.#load(userId, this.#storage.position()));
      const { upTo, changed } = await this.#changed(userId, Math.min(after, entry.position));
      for (const record of changed) if (record.position > entry.position) this.#apply(userId, entry, record);
      entry.position = upTo;
      this.#users.delete(userId);
      this.#users.set(userId, entry);
      this.#evict();
      return choose({ rooms: entry.rooms, changed: changed.filter(({ position }) => position > after), upTo });
    });
  }

  /** The rooms of a user as far as they are in memory. */
  known(userId: UserId): ReadonlyMap<RoomId, number> | undefined {
    return this.#users.get(userId)?.rooms;
  }

  /** Those who are joined to a room, among the users in memory. */
  users(roomId: RoomId): Iterable<UserId> {
    return this.#usersByRoom.get(roomId) ?? [];
  }

  /**
   * The last change of each room since a position. One that can be read already and is not announced yet may hide an
   * earlier one, which would never be told of: it is waited for the moment until it is.
   */
  async #changed(userId: UserId, after: number): Promise<Pick<Memberships, "changed" | "upTo">> {
    const { memberships } = this.#storage.read;
    for (;;) {
      const upTo = this.#storage.position();
      const changed = await memberships.changedSince(userId, after, Number.MAX_SAFE_INTEGER);
      const newest = changed.at(-1)?.position ?? 0;
      if (newest <= upTo) return { upTo, changed };
      while (this.#storage.position() < newest) await new Promise(setImmediate);
    }
  }

  async #load(userId: UserId, position: number): Promise<Entry> {
    const entry: Entry = { rooms: new Map(), position };
    for (const record of await this.#storage.read.memberships.ofUser(userId, ["join"])) {
      this.#apply(userId, entry, record);
    }
    return entry;
  }

  #apply(userId: UserId, { rooms }: Entry, { roomId, membership, joinedSince, position }: MembershipRecord): void {
    if (membership === "join") {
      if (!rooms.has(roomId)) this.#index(roomId, userId);
      rooms.set(roomId, joinedSince ?? position);
    } else if (rooms.delete(roomId)) this.#unindex(roomId, userId);
  }

  #index(roomId: RoomId, userId: UserId): void {
    this.#kept++;
    const users = this.#usersByRoom.get(roomId);
    if (users === undefined) this.#usersByRoom.set(roomId, new Set([userId]));
    else users.add(userId);
  }

  #unindex(roomId: RoomId, userId: UserId): void {
    this.#kept--;
    const users = this.#usersByRoom.get(roomId);
    users?.delete(userId);
    if (users?.size === 0) this.#usersByRoom.delete(roomId);
  }

  #evict(): void {
    if (this.#kept <= this.#maxKept) return;
    const newest = [...this.#users.keys()].at(-1);
    for (const [userId, { rooms }] of this.#users) {
      if (this.#kept <= this.#maxKept || userId === newest) return;
      if (this.#isWaiting(userId)) continue;
      this.#users.delete(userId);
      for (const roomId of rooms.keys()) this.#unindex(roomId, userId);
    }
  }
}
