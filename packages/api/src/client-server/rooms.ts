import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, RoomIdSchema } from "../schemas.ts";

/**
 * An absent `stateKey` is the empty one: the slash after the type is optional then.
 * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidstateeventtypestatekey
 */
export const getRoomStateWithKey = endpoint({
  operationId: "getRoomStateWithKey",
  method: "GET",
  path: "/_matrix/client/v3/rooms/:roomId/state/:eventType/:stateKey",
  alsoAt: ["/_matrix/client/v3/rooms/:roomId/state/:eventType/", "/_matrix/client/v3/rooms/:roomId/state/:eventType"],
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ roomId: RoomIdSchema, eventType: Type.String(), stateKey: Type.Optional(Type.String()) }),
  query: Type.Object({ format: Type.Optional(Type.Enum(["content", "event"])) }),
  reply: AnyObject,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidstate */
export const getRoomState = endpoint({
  operationId: "getRoomState",
  method: "GET",
  path: "/_matrix/client/v3/rooms/:roomId/state",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ roomId: RoomIdSchema }),
  reply: Type.Array(AnyObject),
});

const Membership = Type.Enum(["join", "invite", "knock", "leave", "ban"]);

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmembers */
export const getMembersByRoom = endpoint({
  operationId: "getMembersByRoom",
  method: "GET",
  path: "/_matrix/client/v3/rooms/:roomId/members",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ roomId: RoomIdSchema }),
  query: Type.Object({
    at: Type.Optional(Type.String()),
    membership: Type.Optional(Membership),
    not_membership: Type.Optional(Membership),
  }),
  reply: Type.Object({ chunk: Type.Array(AnyObject) }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidjoined_members */
export const getJoinedMembersByRoom = endpoint({
  operationId: "getJoinedMembersByRoom",
  method: "GET",
  path: "/_matrix/client/v3/rooms/:roomId/joined_members",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ roomId: RoomIdSchema }),
  reply: Type.Object({ joined: Type.Record(Type.String(), AnyObject) }),
});
