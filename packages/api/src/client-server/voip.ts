import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

/**
 * A server without TURN answers `{}`, as all do: the spec has no other word for it.
 * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3voipturnserver
 */
export const getTurnServer = endpoint({
  operationId: "getTurnServer",
  method: "GET",
  path: "/_matrix/client/v3/voip/turnServer",
  auth: "accessToken",
  rateLimited: "general",
  reply: Type.Object({
    username: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
    uris: Type.Optional(Type.Array(Type.String())),
    ttl: Type.Optional(Type.Integer()),
  }),
});
