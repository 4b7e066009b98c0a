import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty, RoomIdSchema, UserIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidtypinguserid */
export const setTyping = endpoint({
  operationId: "setTyping",
  method: "PUT",
  path: "/_matrix/client/v3/rooms/:roomId/typing/:userId",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomId: RoomIdSchema, userId: UserIdSchema }),
  body: Type.Object({ typing: Type.Boolean(), timeout: Type.Optional(Type.Integer()) }),
  reply: Empty,
});
