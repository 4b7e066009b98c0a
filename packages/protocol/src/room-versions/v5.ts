import type { RoomVersion } from "./room-version.ts";
import { v4 } from "./v4.ts";

/** Signing keys have a validity period. https://spec.matrix.org/v1.19/rooms/v5/ */
export const v5: RoomVersion = { ...v4, id: "5", enforceKeyValidity: true };
