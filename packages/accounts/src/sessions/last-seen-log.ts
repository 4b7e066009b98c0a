import type { DeviceId, UserId } from "@croft/protocol";
import type { LastSeen, Storage } from "@croft/storage";

/** When and where each device was last seen: noted in memory, written now and then for all of them at once. */
export class LastSeenLog {
  readonly #storage: Storage<"devices">;
  #noted = new Map<string, { userId: UserId; deviceId: DeviceId; lastSeen: LastSeen }>();

  constructor({ storage }: { storage: Storage<"devices"> }) {
    this.#storage = storage;
  }

  note(userId: UserId, deviceId: DeviceId, lastSeen: LastSeen): void {
    this.#noted.set(`${userId} ${deviceId}`, { userId, deviceId, lastSeen });
  }

  async flush(): Promise<void> {
    if (this.#noted.size === 0) return;
    const noted = this.#noted;
    this.#noted = new Map();
    await this.#storage.write(async (tx) => {
      for (const { userId, deviceId, lastSeen } of noted.values()) tx.devices.seen(userId, deviceId, lastSeen);
    });
  }
}
