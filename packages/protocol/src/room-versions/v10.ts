import type { RoomVersion } from "./room-version.ts";
import { v9 } from "./v9.ts";

/** Knocking and restricted joins together; power levels are integers. https://spec.matrix.org/v1.19/rooms/v10/ */
export const v10: RoomVersion = { ...v9, id: "10", knockRestrictedJoin: true, integerPowerLevels: true };
