import type { JsonValue } from "@croft/protocol";
import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, Empty, UserIdSchema } from "../schemas.ts";

/** The name's grammar and length have error codes of their own, and are checked by whoever sets the field. */
const FieldParams = Type.Object({ userId: UserIdSchema, keyName: Type.String() });

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3profileuserid */
export const getUserProfile = endpoint({
  operationId: "getUserProfile",
  method: "GET",
  path: "/_matrix/client/v3/profile/:userId",
  auth: "none",
  rateLimited: false,
  params: Type.Object({ userId: UserIdSchema }),
  reply: AnyObject,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3profileuseridkeyname */
export const getProfileField = endpoint({
  operationId: "getProfileField",
  method: "GET",
  path: "/_matrix/client/v3/profile/:userId/:keyName",
  auth: "none",
  rateLimited: false,
  params: FieldParams,
  reply: AnyObject,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3profileuseridkeyname */
export const setProfileField = endpoint({
  operationId: "setProfileField",
  method: "PUT",
  path: "/_matrix/client/v3/profile/:userId/:keyName",
  auth: "accessToken",
  rateLimited: "general",
  params: FieldParams,
  body: Type.Record(Type.String(), Type.Unsafe<JsonValue>(Type.Unknown())),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3profileuseridkeyname */
export const deleteProfileField = endpoint({
  operationId: "deleteProfileField",
  method: "DELETE",
  path: "/_matrix/client/v3/profile/:userId/:keyName",
  auth: "accessToken",
  rateLimited: "general",
  params: FieldParams,
  reply: Empty,
});
