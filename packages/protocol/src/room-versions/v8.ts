import type { RoomVersion } from "./room-version.ts";
import { v7 } from "./v7.ts";

/** Restricted joins. https://spec.matrix.org/v1.19/rooms/v8/ */
export const v8: RoomVersion = { ...v7, id: "8", restrictedJoin: true, redactionKeepsJoinRuleAllow: true };
