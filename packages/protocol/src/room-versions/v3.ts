import type { RoomVersion } from "./room-version.ts";
import { v2 } from "./v2.ts";

/** Event ids are hashes; redactions are judged when applied. https://spec.matrix.org/v1.19/rooms/v3/ */
export const v3: RoomVersion = { ...v2, id: "3", eventFormat: "v3", redactionAuthRule: false };
