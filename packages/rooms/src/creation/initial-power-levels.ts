import { badJson, type JsonObject, type RoomVersion, type UserId } from "@croft/protocol";

/** What takes more than moderating: changing who may do what, who may read, and where the room is. */
const ADMIN_EVENTS = {
  "m.room.encryption": 100,
  "m.room.history_visibility": 100,
  "m.room.power_levels": 100,
  "m.room.server_acl": 100,
} as const;
const ADMIN_LEVEL = 100;
/** Above every level that can be given, below the creators'. */
const TOMBSTONE_LEVEL_WITH_CREATORS = 150;

/**
 * The content of a new room's power levels: the creator's, those of trusted invitees, and what the request overrides.
 * Since room version 12 creators are above all levels and must not be named. Throws `M_BAD_JSON` for an override that does.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom
 */
export function initialPowerLevels({
  version,
  creators,
  trusted,
  override,
}: {
  version: RoomVersion;
  /** The creator, and from room version 12 the additional ones. */
  creators: readonly UserId[];
  /** Users with the creator's power, where that can be given. */
  trusted: readonly UserId[];
  override: JsonObject | undefined;
}): JsonObject {
  const { privilegedCreators } = version;
  const users: { [userId: string]: number } = {};
  if (!privilegedCreators) for (const userId of [...creators, ...trusted]) users[userId] = ADMIN_LEVEL;
  const content: JsonObject = {
    ban: 50,
    events: {
      ...ADMIN_EVENTS,
      "m.room.avatar": 50,
      "m.room.canonical_alias": 50,
      "m.room.name": 50,
      "m.room.tombstone": privilegedCreators ? TOMBSTONE_LEVEL_WITH_CREATORS : ADMIN_LEVEL,
    },
    events_default: 0,
    invite: 0,
    kick: 50,
    redact: 50,
    state_default: 50,
    users,
    users_default: 0,
    ...override,
  };
  if (privilegedCreators) {
    const named = content["users"];
    const isNamed = (userId: UserId) => typeof named === "object" && named !== null && Object.hasOwn(named, userId);
    if (creators.some(isNamed)) throw badJson("A creator cannot be among the users of the power levels");
  }
  return content;
}
