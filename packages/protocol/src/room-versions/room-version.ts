/**
 * A room version is a row of switches: rules ask for a switch, never for a version's number.
 * https://spec.matrix.org/v1.19/rooms/
 */
export type RoomVersion = {
  readonly id: string;
  /** v1: ids in the event, edges as [id, hashes] pairs · v3: id = standard base64 of the reference hash · v4: URL-safe. */
  readonly eventFormat: "v1" | "v3" | "v4";
  readonly stateResolution: "v1" | "v2" | "v2.1";
  /** Numbers outside ±(2^53−1), floats and duplicate keys make an event invalid. */
  readonly strictCanonicalJson: boolean;
  /** Keys are valid for events only until their `valid_until_ts`. */
  readonly enforceKeyValidity: boolean;
  /** `m.room.aliases` has an auth rule and redaction keeps its content. */
  readonly specialAliases: boolean;
  /** Redactions are allowed by auth rule (v1–2); afterwards they are judged when applied. */
  readonly redactionAuthRule: boolean;
  /** The auth rules compare the `notifications` of power levels too. */
  readonly limitNotificationsPowerLevels: boolean;
  readonly knock: boolean;
  readonly restrictedJoin: boolean;
  readonly knockRestrictedJoin: boolean;
  readonly integerPowerLevels: boolean;
  /** The creator is the create event's sender; `content.creator` means nothing. */
  readonly implicitCreator: boolean;
  /** v11's redaction: the create event keeps everything, `origin`, `membership` and `prev_state` go, and so on. */
  readonly updatedRedaction: boolean;
  /** Redaction keeps `allow` of join rules. */
  readonly redactionKeepsJoinRuleAllow: boolean;
  /** Redaction keeps `join_authorised_via_users_server` of memberships. */
  readonly redactionKeepsJoinAuthorised: boolean;
  /** Creators have infinite power, and `additional_creators` counts. */
  readonly privilegedCreators: boolean;
  /** The room id is the hash of the create event, which has no `room_id` and is nobody's auth event. */
  readonly roomIdIsCreateHash: boolean;
  /** Largest allowed depth: 2^63−1 in versions 1–5, 2^53−1 since. */
  readonly maxDepth: number;
};
