import type { JsonObject } from "@croft/protocol";
import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject } from "../schemas.ts";

/** A signed object, kept as it came. Whether its signatures are good is for those who fetch it to judge. */
const DeviceKeysObject = Type.Unsafe<JsonObject>(
  Type.Object({
    user_id: Type.String(),
    device_id: Type.String(),
    algorithms: Type.Array(Type.String()),
    keys: Type.Record(Type.String(), Type.String()),
    signatures: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.String()))),
  }),
);

/** By `<algorithm>:<key_id>`. */
const KeyObjects = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Unsafe<JsonObject>(Type.Object({ key: Type.String() }))]),
);

const OneTimeKeyCounts = Type.Record(Type.String(), Type.Integer());
const Failures = Type.Record(Type.String(), AnyObject);
const ByUser = Type.Record(Type.String(), AnyObject);

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysupload */
export const uploadKeys = endpoint({
  operationId: "uploadKeys",
  method: "POST",
  path: "/_matrix/client/v3/keys/upload",
  auth: "accessToken",
  rateLimited: false,
  body: Type.Object({
    device_keys: Type.Optional(DeviceKeysObject),
    one_time_keys: Type.Optional(KeyObjects),
    fallback_keys: Type.Optional(KeyObjects),
  }),
  reply: Type.Object({ one_time_key_counts: OneTimeKeyCounts }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysquery */
export const queryKeys = endpoint({
  operationId: "queryKeys",
  method: "POST",
  path: "/_matrix/client/v3/keys/query",
  auth: "accessToken",
  rateLimited: false,
  body: Type.Object({
    timeout: Type.Optional(Type.Integer({ minimum: 0 })),
    device_keys: Type.Record(Type.String(), Type.Array(Type.String())),
  }),
  reply: Type.Object({
    failures: Failures,
    device_keys: Type.Record(Type.String(), ByUser),
    master_keys: ByUser,
    self_signing_keys: ByUser,
    user_signing_keys: ByUser,
  }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysclaim */
export const claimKeys = endpoint({
  operationId: "claimKeys",
  method: "POST",
  path: "/_matrix/client/v3/keys/claim",
  auth: "accessToken",
  rateLimited: false,
  body: Type.Object({
    timeout: Type.Optional(Type.Integer({ minimum: 0 })),
    one_time_keys: Type.Record(Type.String(), Type.Record(Type.String(), Type.String())),
  }),
  reply: Type.Object({
    failures: Failures,
    one_time_keys: Type.Record(Type.String(), ByUser),
  }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3keyschanges */
export const getKeysChanges = endpoint({
  operationId: "getKeysChanges",
  method: "GET",
  path: "/_matrix/client/v3/keys/changes",
  auth: "accessToken",
  rateLimited: false,
  query: Type.Object({ from: Type.String(), to: Type.String() }),
  reply: Type.Object({ changed: Type.Array(Type.String()), left: Type.Array(Type.String()) }),
});
