import type { RoomVersion } from "./room-version.ts";
import { v8 } from "./v8.ts";

/** Redacted restricted joins stay valid. https://spec.matrix.org/v1.19/rooms/v9/ */
export const v9: RoomVersion = { ...v8, id: "9", redactionKeepsJoinAuthorised: true };
