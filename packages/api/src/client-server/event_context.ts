import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, EventIdSchema, RoomIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidcontexteventid */
export const getEventContext = endpoint({
  operationId: "getEventContext",
  method: "GET",
  path: "/_matrix/client/v3/rooms/:roomId/context/:eventId",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ roomId: RoomIdSchema, eventId: EventIdSchema }),
  query: Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 0 })),
    filter: Type.Optional(Type.String()),
  }),
  reply: Type.Object({
    start: Type.Optional(Type.String()),
    end: Type.Optional(Type.String()),
    events_before: Type.Optional(Type.Array(AnyObject)),
    event: Type.Optional(AnyObject),
    events_after: Type.Optional(Type.Array(AnyObject)),
    state: Type.Optional(Type.Array(AnyObject)),
  }),
});
