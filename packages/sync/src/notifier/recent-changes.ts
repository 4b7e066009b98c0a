import type { RoomId, UserId } from "@croft/protocol";

/** How many rooms, users and devices are remembered: some 100 bytes each. */
const MAX_REMEMBERED = 100_000;

/** What a change can concern: a room, a user, or one device of a user. */
export type Concerned = RoomId | UserId | DeviceKey;

/** A user's device in one text; ids hold no NUL. */
export type DeviceKey = `${UserId}\0${string}`;

export const deviceKey = (userId: UserId, deviceId: string): DeviceKey => `${userId}\0${deviceId}`;

/**
 * When each room, user and device was last touched by a commit, as far back as memory goes: a sync asks this before it
 * asks the store, so that a user's thousand quiet rooms cost nothing.
 */
export class RecentChanges {
  /** In order of the last change. */
  readonly #positions = new Map<Concerned, number>();
  readonly #maxRemembered: number;
  #since: number;

  /** Nothing is known of what happened up to `position`. */
  constructor({ position, maxRemembered = MAX_REMEMBERED }: { position: number; maxRemembered?: number }) {
    this.#since = position;
    this.#maxRemembered = maxRemembered;
  }

  /** Positions never go back from one call to the next. */
  touched(concerned: Concerned, position: number): void {
    this.#positions.delete(concerned);
    this.#positions.set(concerned, position);
    if (this.#positions.size <= this.#maxRemembered) return;
    for (const [oldest, at] of this.#positions) {
      this.#positions.delete(oldest);
      this.#since = at;
      return;
    }
  }

  /** Whether all changes after `position` are remembered. Otherwise only the store can tell. */
  reachesBack(position: number): boolean {
    return position >= this.#since;
  }

  /** Whether it changed after `position`. */
  changed(concerned: Concerned, position: number): boolean {
    const at = this.#positions.get(concerned);
    return at !== undefined && at > position;
  }
}
