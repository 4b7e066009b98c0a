import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, EventIdSchema, RoomIdSchema } from "../schemas.ts";

/**
 * An absent `stateKey` is the empty one: the slash after the type is optional then.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidstateeventtypestatekey
 */
export const setRoomStateWithKey = endpoint({
  operationId: "setRoomStateWithKey",
  method: "PUT",
  path: "/_matrix/client/v3/rooms/:roomId/state/:eventType/:stateKey",
  alsoAt: ["/_matrix/client/v3/rooms/:roomId/state/:eventType/", "/_matrix/client/v3/rooms/:roomId/state/:eventType"],
  auth: "accessToken",
  rateLimited: "message",
  params: Type.Object({ roomId: RoomIdSchema, eventType: Type.String(), stateKey: Type.Optional(Type.String()) }),
  body: AnyObject,
  reply: Type.Object({ event_id: EventIdSchema }),
});
