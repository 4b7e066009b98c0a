import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, EventIdSchema, RoomIdSchema, TransactionIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid */
export const sendMessage = endpoint({
  operationId: "sendMessage",
  method: "PUT",
  path: "/_matrix/client/v3/rooms/:roomId/send/:eventType/:txnId",
  auth: "accessToken",
  rateLimited: "message",
  params: Type.Object({ roomId: RoomIdSchema, eventType: Type.String(), txnId: TransactionIdSchema }),
  body: AnyObject,
  reply: Type.Object({ event_id: EventIdSchema }),
});
