import type { DeviceId, EventId, UserId } from "@croft/protocol";

/** Member events remembered in all, some 100 bytes each; and for one device. */
const MAX_REMEMBERED = 300_000;
const MAX_OF_DEVICE = 20_000;

type Device = {
  /** The client has these: it presented a token from after them. */
  known: Set<EventId>;
  /** The furthest token presented. */
  since: number;
  /** Sent with the token of `toldAt`, not known to have arrived. */
  told: Set<EventId>;
  toldAt: number;
};

/** What one reply may leave out, and adds to. */
export type ToldMembers = {
  has(eventId: EventId): boolean;
  /** The reply that goes out with the token of `position` carries these. */
  told(eventIds: Set<EventId>, position: number): void;
};

/**
 * Which lazily loaded members each device has, so that they need not be sent again. Forgetting is harmless: it only
 * sends more. What went out counts once the client shows that it arrived.
 */
export class KnownMembers {
  readonly #maxRemembered: number;
  /** In order of use. */
  readonly #devices = new Map<string, Device>();
  #remembered = 0;

  constructor({ maxRemembered = MAX_REMEMBERED }: { maxRemembered?: number } = {}) {
    this.#maxRemembered = maxRemembered;
  }

  /** `since` is the position of the token presented; 0: the client starts anew and has nothing. */
  of(userId: UserId, deviceId: DeviceId, since: number): ToldMembers {
    const key = `${userId} ${deviceId}`;
    const device = this.#devices.get(key) ?? { known: new Set(), since: 0, told: new Set(), toldAt: 0 };
    this.#devices.delete(key);
    this.#devices.set(key, device);
    this.#change(device, () => arrive(device, since));
    return {
      has: (eventId) => device.known.has(eventId),
      told: (eventIds, position) => {
        if (this.#devices.get(key) !== device) return;
        this.#change(device, () => {
          device.told = eventIds;
          device.toldAt = position;
        });
        this.#evict();
      },
    };
  }

  #change(device: Device, change: () => void): void {
    this.#remembered -= device.known.size + device.told.size;
    change();
    this.#remembered += device.known.size + device.told.size;
  }

  #evict(): void {
    for (const [key, { known, told }] of this.#devices) {
      if (this.#remembered <= this.#maxRemembered) return;
      this.#devices.delete(key);
      this.#remembered -= known.size + told.size;
    }
  }
}

function arrive(device: Device, since: number): void {
  // A client that goes back to an older token may have lost what it had since.
  if (since < device.since) device.known = new Set();
  else if (since >= device.toldAt) for (const eventId of device.told) device.known.add(eventId);
  if (since !== device.since || since >= device.toldAt) device.told = new Set();
  if (device.known.size > MAX_OF_DEVICE) device.known = new Set();
  device.since = since;
}
