import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty, RoomIdSchema, UserIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidkick */
export const kick = endpoint({
  operationId: "kick",
  method: "POST",
  path: "/_matrix/client/v3/rooms/:roomId/kick",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomId: RoomIdSchema }),
  body: Type.Object({ user_id: UserIdSchema, reason: Type.Optional(Type.String()) }),
  reply: Empty,
});
