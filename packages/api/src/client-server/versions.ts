import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientversions */
export const getVersions = endpoint({
  operationId: "getVersions",
  method: "GET",
  path: "/_matrix/client/versions",
  auth: "none",
  rateLimited: false,
  reply: Type.Object({
    versions: Type.Array(Type.String()),
    unstable_features: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
  }),
});
