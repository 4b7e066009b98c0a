import type { RoomVersion } from "./room-version.ts";
import { v3 } from "./v3.ts";

/** Event ids are URL-safe. https://spec.matrix.org/v1.19/rooms/v4/ */
export const v4: RoomVersion = { ...v3, id: "4", eventFormat: "v4" };
