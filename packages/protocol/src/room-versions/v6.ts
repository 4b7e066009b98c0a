import type { RoomVersion } from "./room-version.ts";
import { v5 } from "./v5.ts";

/** Strict canonical JSON; aliases are ordinary; notification levels are guarded. https://spec.matrix.org/v1.19/rooms/v6/ */
export const v6: RoomVersion = {
  ...v5,
  id: "6",
  strictCanonicalJson: true,
  specialAliases: false,
  limitNotificationsPowerLevels: true,
  maxDepth: Number.MAX_SAFE_INTEGER,
};
