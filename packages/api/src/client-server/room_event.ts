import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, EventIdSchema, RoomIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomideventeventid */
export const getOneRoomEvent = endpoint({
  operationId: "getOneRoomEvent",
  method: "GET",
  path: "/_matrix/client/v3/rooms/:roomId/event/:eventId",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ roomId: RoomIdSchema, eventId: EventIdSchema }),
  reply: AnyObject,
});
