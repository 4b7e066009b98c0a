import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty, RoomIdSchema, UserIdSchema } from "../schemas.ts";

const Target = Type.Object({ user_id: UserIdSchema, reason: Type.Optional(Type.String()) });

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidban */
export const ban = endpoint({
  operationId: "ban",
  method: "POST",
  path: "/_matrix/client/v3/rooms/:roomId/ban",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomId: RoomIdSchema }),
  body: Target,
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidunban */
export const unban = endpoint({
  operationId: "unban",
  method: "POST",
  path: "/_matrix/client/v3/rooms/:roomId/unban",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomId: RoomIdSchema }),
  body: Target,
  reply: Empty,
});
