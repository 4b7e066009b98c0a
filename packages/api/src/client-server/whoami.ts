import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3accountwhoami */
export const getTokenOwner = endpoint({
  operationId: "getTokenOwner",
  method: "GET",
  path: "/_matrix/client/v3/account/whoami",
  auth: "accessToken",
  rateLimited: "general",
  reply: Type.Object({
    user_id: Type.String(),
    device_id: Type.Optional(Type.String()),
    is_guest: Type.Optional(Type.Boolean()),
  }),
});
