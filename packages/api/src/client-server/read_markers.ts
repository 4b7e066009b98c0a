import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty, EventIdSchema, RoomIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidread_markers */
export const setReadMarker = endpoint({
  operationId: "setReadMarker",
  method: "POST",
  path: "/_matrix/client/v3/rooms/:roomId/read_markers",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomId: RoomIdSchema }),
  body: Type.Object({
    "m.fully_read": Type.Optional(EventIdSchema),
    "m.read": Type.Optional(EventIdSchema),
    "m.read.private": Type.Optional(EventIdSchema),
  }),
  reply: Empty,
});
