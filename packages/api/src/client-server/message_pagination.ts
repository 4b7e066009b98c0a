import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, RoomIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmessages */
export const getRoomEvents = endpoint({
  operationId: "getRoomEvents",
  method: "GET",
  path: "/_matrix/client/v3/rooms/:roomId/messages",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ roomId: RoomIdSchema }),
  query: Type.Object({
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
    dir: Type.Enum(["b", "f"]),
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    filter: Type.Optional(Type.String()),
  }),
  reply: Type.Object({
    start: Type.String(),
    end: Type.Optional(Type.String()),
    chunk: Type.Array(AnyObject),
    state: Type.Optional(Type.Array(AnyObject)),
  }),
});
