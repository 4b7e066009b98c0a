import type { DeviceId, RoomId, UserId } from "@croft/protocol";
import type { Clock } from "@croft/runtime";
import type { Storage } from "@croft/storage";

export type HistoryDeps = {
  readonly storage: Storage<"rooms" | "events" | "roomState" | "memberships" | "accountData">;
  readonly clock: Clock;
};

/** Who asks about which room. The device is the one whose transaction ids are told. */
export type RoomQuestion = {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
};
