import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty, RoomIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidleave */
export const leaveRoom = endpoint({
  operationId: "leaveRoom",
  method: "POST",
  path: "/_matrix/client/v3/rooms/:roomId/leave",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomId: RoomIdSchema }),
  body: Type.Object({ reason: Type.Optional(Type.String()) }),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidforget */
export const forgetRoom = endpoint({
  operationId: "forgetRoom",
  method: "POST",
  path: "/_matrix/client/v3/rooms/:roomId/forget",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomId: RoomIdSchema }),
  reply: Empty,
});
