import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty, EventIdSchema, RoomIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidreceiptreceipttypeeventid */
export const postReceipt = endpoint({
  operationId: "postReceipt",
  method: "POST",
  path: "/_matrix/client/v3/rooms/:roomId/receipt/:receiptType/:eventId",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({
    roomId: RoomIdSchema,
    receiptType: Type.Enum(["m.read", "m.read.private", "m.fully_read"]),
    eventId: EventIdSchema,
  }),
  // A thread_id that is no string has an error code of its own, which the handler gives.
  body: Type.Object({ thread_id: Type.Optional(Type.Unknown()) }),
  reply: Empty,
});
