import type { BodyOf, createRoom } from "@croft/api";
import { type JsonObject, MatrixError, readJson, roomVersion, type UserId } from "@croft/protocol";
import type { CreateRoomArgs } from "./create-room.ts";

type Body = BodyOf<typeof createRoom>;

/**
 * What a request to create a room asks for. Its contents are read from the text, as the room's version takes numbers;
 * invites by third-party id are refused, as no identity server is asked.
 */
export function wishesOf(creator: UserId, body: Body, bodyText: string): CreateRoomArgs {
  if ((body.invite_3pid ?? []).length > 0) {
    throw new MatrixError("M_THREEPID_DENIED", "Inviting by third-party id is not supported");
  }
  const version = body.room_version === undefined ? undefined : roomVersion(body.room_version);
  const said = readJson(bodyText === "" ? "{}" : bodyText, { strict: version?.strictCanonicalJson ?? true }) as Body;
  return {
    creator,
    version: body.room_version,
    visibility: body.visibility,
    aliasName: body.room_alias_name,
    preset: body.preset,
    name: body.name,
    topic: body.topic,
    invite: body.invite,
    isDirect: body.is_direct,
    creationContent: said.creation_content as JsonObject | undefined,
    powerLevelOverride: said.power_level_content_override as JsonObject | undefined,
    initialState: said.initial_state?.map(({ type, state_key: stateKey = "", content }) => ({
      type,
      stateKey,
      content: content as JsonObject,
    })),
  };
}
