import type { RoomId, UserId } from "@croft/protocol";
import type { Clock } from "@croft/runtime";

/** Longer is cut: a client that went away should not seem to type for long. Milliseconds. */
const MAX_TIMEOUT = 120_000;
/** Rooms where nobody types any more are remembered so far, for those who still have to be told. */
const MAX_QUIET_ROOMS = 1000;

type TypingRoom = { serial: number; readonly until: Map<UserId, () => void> };

/**
 * Who is typing where, in memory alone: what is lost with the process would have expired soon. Each change of a room
 * gives it the next serial, which a sync token carries. Serials start at the time of start, so that tokens from before
 * a restart are older than any change after it.
 */
export class TypingUsers {
  readonly #clock: Clock;
  /** In the order of their last change. */
  readonly #rooms = new Map<RoomId, TypingRoom>();
  readonly #listeners = new Set<(roomId: RoomId) => void>();
  #serial: number;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
    this.#serial = clock.now();
  }

  /** The serial of the last change. */
  get serial(): number {
    return this.#serial;
  }

  /** Saying it again prolongs it and is no change. */
  start(roomId: RoomId, userId: UserId, timeout: number): void {
    const room = this.#rooms.get(roomId) ?? { serial: 0, until: new Map() };
    const cancel = room.until.get(userId);
    cancel?.();
    const stop = () => this.stop(roomId, userId);
    room.until.set(userId, this.#clock.after(Math.min(timeout, MAX_TIMEOUT), stop));
    if (cancel === undefined) this.#changed(roomId, room);
  }

  stop(roomId: RoomId, userId: UserId): void {
    const room = this.#rooms.get(roomId);
    const cancel = room?.until.get(userId);
    if (room === undefined || cancel === undefined) return;
    cancel();
    room.until.delete(userId);
    this.#changed(roomId, room);
  }

  /** In the order in which they began. */
  typing(roomId: RoomId): UserId[] {
    return [...(this.#rooms.get(roomId)?.until.keys() ?? [])];
  }

  /** Rooms where somebody began or stopped typing after `serial`. */
  changedSince(serial: number): RoomId[] {
    if (serial >= this.#serial) return [];
    return [...this.#rooms].flatMap(([roomId, room]) => (room.serial > serial ? [roomId] : []));
  }

  /** Called after each change, with the room. Returns the unsubscription. */
  onChanged(listener: (roomId: RoomId) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    for (const { until } of this.#rooms.values()) for (const cancel of until.values()) cancel();
    this.#rooms.clear();
    this.#listeners.clear();
  }

  #changed(roomId: RoomId, room: TypingRoom): void {
    room.serial = ++this.#serial;
    this.#rooms.delete(roomId);
    this.#rooms.set(roomId, room);
    if (this.#rooms.size > MAX_QUIET_ROOMS) this.#forgetOldestQuiet();
    for (const listener of this.#listeners) listener(roomId);
  }

  #forgetOldestQuiet(): void {
    for (const [roomId, { until }] of this.#rooms) {
      if (until.size > 0) continue;
      this.#rooms.delete(roomId);
      return;
    }
  }
}

/** The `m.typing` event of a room, as JSON text. https://spec.matrix.org/v1.19/client-server-api/#mtyping */
export const typingEvent = (userIds: readonly UserId[]): string =>
  `{"content":${JSON.stringify({ user_ids: userIds })},"type":"m.typing"}`;
