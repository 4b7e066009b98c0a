import type { JsonObject } from "@croft/protocol";
import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, Empty } from "../schemas.ts";
import { AuthData } from "./interactive-auth.ts";

/** A signed object, kept as it came. */
const CrossSigningKeyObject = Type.Unsafe<JsonObject>(
  Type.Object({
    user_id: Type.String(),
    usage: Type.Array(Type.String()),
    keys: Type.Record(Type.String(), Type.String(), { minProperties: 1, maxProperties: 1 }),
    signatures: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.String()))),
  }),
);

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysdevice_signingupload */
export const uploadCrossSigningKeys = endpoint({
  operationId: "uploadCrossSigningKeys",
  method: "POST",
  path: "/_matrix/client/v3/keys/device_signing/upload",
  auth: "accessToken",
  rateLimited: "login",
  body: Type.Object({
    master_key: Type.Optional(CrossSigningKeyObject),
    self_signing_key: Type.Optional(CrossSigningKeyObject),
    user_signing_key: Type.Optional(CrossSigningKeyObject),
    auth: Type.Optional(AuthData),
  }),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keyssignaturesupload */
export const uploadCrossSigningSignatures = endpoint({
  operationId: "uploadCrossSigningSignatures",
  method: "POST",
  path: "/_matrix/client/v3/keys/signatures/upload",
  auth: "accessToken",
  rateLimited: false,
  body: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unsafe<JsonObject>(AnyObject))),
  reply: Type.Object({ failures: Type.Record(Type.String(), AnyObject) }),
});
