import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

const Flag = Type.Optional(Type.Boolean());

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3sync */
export const sync = endpoint({
  operationId: "sync",
  method: "GET",
  path: "/_matrix/client/v3/sync",
  auth: "accessToken",
  rateLimited: false,
  query: Type.Object({
    filter: Type.Optional(Type.String()),
    since: Type.Optional(Type.String()),
    full_state: Flag,
    set_presence: Type.Optional(Type.Enum(["offline", "online", "unavailable"])),
    timeout: Type.Optional(Type.Integer({ minimum: 0 })),
    use_state_after: Flag,
    /** What clients send until the server says that it speaks v1.16. */
    "org.matrix.msc4222.use_state_after": Flag,
  }),
  reply: Type.Object({ next_batch: Type.String() }),
});
