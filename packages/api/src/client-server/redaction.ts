import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { EventIdSchema, RoomIdSchema, TransactionIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidredacteventidtxnid */
export const redactEvent = endpoint({
  operationId: "redactEvent",
  method: "PUT",
  path: "/_matrix/client/v3/rooms/:roomId/redact/:eventId/:txnId",
  auth: "accessToken",
  rateLimited: "message",
  params: Type.Object({ roomId: RoomIdSchema, eventId: EventIdSchema, txnId: TransactionIdSchema }),
  body: Type.Object({ reason: Type.Optional(Type.String()) }),
  reply: Type.Object({ event_id: EventIdSchema }),
});
