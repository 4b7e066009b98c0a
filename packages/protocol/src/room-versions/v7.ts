import type { RoomVersion } from "./room-version.ts";
import { v6 } from "./v6.ts";

/** Knocking. https://spec.matrix.org/v1.19/rooms/v7/ */
export const v7: RoomVersion = { ...v6, id: "7", knock: true };
