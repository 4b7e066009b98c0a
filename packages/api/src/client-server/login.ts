import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { DeviceDisplayNameSchema, DeviceIdSchema, loginReply, UserIdentifier } from "./interactive-auth.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3login */
export const getLoginFlows = endpoint({
  operationId: "getLoginFlows",
  method: "GET",
  path: "/_matrix/client/v3/login",
  auth: "none",
  rateLimited: "general",
  reply: Type.Object({ flows: Type.Array(Type.Object({ type: Type.String() })) }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3login */
export const login = endpoint({
  operationId: "login",
  method: "POST",
  path: "/_matrix/client/v3/login",
  auth: "none",
  rateLimited: "login",
  body: Type.Object({
    type: Type.String(),
    identifier: Type.Optional(UserIdentifier),
    /** Deprecated in favour of `identifier`, and still sent. */
    user: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
    device_id: Type.Optional(DeviceIdSchema),
    initial_device_display_name: Type.Optional(DeviceDisplayNameSchema),
    refresh_token: Type.Optional(Type.Boolean()),
  }),
  reply: Type.Object(loginReply),
});
