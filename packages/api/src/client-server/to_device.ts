import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, Empty, TransactionIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3sendtodeviceeventtypetxnid */
export const sendToDevice = endpoint({
  operationId: "sendToDevice",
  method: "PUT",
  path: "/_matrix/client/v3/sendToDevice/:eventType/:txnId",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ eventType: Type.String(), txnId: TransactionIdSchema }),
  /** Keys for a room of thousands of devices go in a few requests. */
  maxBodyBytes: 10 * 1024 * 1024,
  body: Type.Object({ messages: Type.Record(Type.String(), Type.Record(Type.String(), AnyObject)) }),
  reply: Empty,
});
