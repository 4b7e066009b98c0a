import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#getwell-knownmatrixclient */
export const getWellknown = endpoint({
  operationId: "getWellknown",
  method: "GET",
  path: "/.well-known/matrix/client",
  auth: "none",
  rateLimited: false,
  reply: Type.Object({
    "m.homeserver": Type.Object({ base_url: Type.String() }),
    "m.identity_server": Type.Optional(Type.Object({ base_url: Type.String() })),
  }),
});
