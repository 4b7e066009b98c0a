import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty, RoomIdSchema } from "../schemas.ts";

const Visibility = Type.Enum(["private", "public"]);

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3directorylistroomroomid */
export const getRoomVisibilityOnDirectory = endpoint({
  operationId: "getRoomVisibilityOnDirectory",
  method: "GET",
  path: "/_matrix/client/v3/directory/list/room/:roomId",
  auth: "none",
  rateLimited: false,
  params: Type.Object({ roomId: RoomIdSchema }),
  reply: Type.Object({ visibility: Visibility }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3directorylistroomroomid */
export const setRoomVisibilityOnDirectory = endpoint({
  operationId: "setRoomVisibilityOnDirectory",
  method: "PUT",
  path: "/_matrix/client/v3/directory/list/room/:roomId",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomId: RoomIdSchema }),
  body: Type.Object({ visibility: Type.Optional(Visibility) }),
  reply: Empty,
});
