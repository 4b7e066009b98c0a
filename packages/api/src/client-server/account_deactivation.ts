import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AuthData } from "./interactive-auth.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountdeactivate */
export const deactivateAccount = endpoint({
  operationId: "deactivateAccount",
  method: "POST",
  path: "/_matrix/client/v3/account/deactivate",
  auth: "accessToken",
  rateLimited: "login",
  body: Type.Object({
    auth: Type.Optional(AuthData),
    id_server: Type.Optional(Type.String()),
    erase: Type.Optional(Type.Boolean()),
  }),
  reply: Type.Object({ id_server_unbind_result: Type.Enum(["success", "no-support"]) }),
});
