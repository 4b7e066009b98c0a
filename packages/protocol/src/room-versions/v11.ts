import type { RoomVersion } from "./room-version.ts";
import { v10 } from "./v10.ts";

/** The creator is the sender of the create event; redaction is revised. https://spec.matrix.org/v1.19/rooms/v11/ */
export const v11: RoomVersion = { ...v10, id: "11", implicitCreator: true, updatedRedaction: true };
