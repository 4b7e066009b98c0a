import type { RoomVersion } from "./room-version.ts";
import { v11 } from "./v11.ts";

/** State resolution v2.1; creators have infinite power; the room id is the hash of the create event. https://spec.matrix.org/v1.19/rooms/v12/ */
export const v12: RoomVersion = {
  ...v11,
  id: "12",
  stateResolution: "v2.1",
  privilegedCreators: true,
  roomIdIsCreateHash: true,
};
