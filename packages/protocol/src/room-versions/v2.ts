import type { RoomVersion } from "./room-version.ts";
import { v1 } from "./v1.ts";

/** State resolution v2. https://spec.matrix.org/v1.19/rooms/v2/ */
export const v2: RoomVersion = { ...v1, id: "2", stateResolution: "v2" };
