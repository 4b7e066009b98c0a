import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, EventIdSchema, RoomIdSchema } from "../schemas.ts";

const RoomAndEvent = { roomId: RoomIdSchema, eventId: EventIdSchema };

const RelationsQuery = Type.Object({
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  dir: Type.Optional(Type.Enum(["b", "f"])),
  recurse: Type.Optional(Type.Boolean()),
});

const RelationsReply = Type.Object({
  chunk: Type.Array(AnyObject),
  next_batch: Type.Optional(Type.String()),
  prev_batch: Type.Optional(Type.String()),
  recursion_depth: Type.Optional(Type.Integer()),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidrelationseventid */
export const getRelatingEvents = endpoint({
  operationId: "getRelatingEvents",
  method: "GET",
  path: "/_matrix/client/v1/rooms/:roomId/relations/:eventId",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object(RoomAndEvent),
  query: RelationsQuery,
  reply: RelationsReply,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidrelationseventidreltype */
export const getRelatingEventsWithRelType = endpoint({
  operationId: "getRelatingEventsWithRelType",
  method: "GET",
  path: "/_matrix/client/v1/rooms/:roomId/relations/:eventId/:relType",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ ...RoomAndEvent, relType: Type.String() }),
  query: RelationsQuery,
  reply: RelationsReply,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidrelationseventidreltypeeventtype */
export const getRelatingEventsWithRelTypeAndEventType = endpoint({
  operationId: "getRelatingEventsWithRelTypeAndEventType",
  method: "GET",
  path: "/_matrix/client/v1/rooms/:roomId/relations/:eventId/:relType/:eventType",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ ...RoomAndEvent, relType: Type.String(), eventType: Type.String() }),
  query: RelationsQuery,
  reply: RelationsReply,
});
