import type { Pdu } from "../events/pdu.ts";
import type { EventId, UserId } from "../identifiers/types.ts";
import type { JsonObject } from "../json.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { roomVersion } from "../room-versions/room-versions.ts";
import type { AuthState, SignatureChecks } from "./auth-question.ts";
import { checkAuth } from "./check-auth.ts";
import type { AuthVerdict } from "./verdict.ts";

/** For tests: a room's state as one writes it down, and events judged by it. */

export const ALICE: UserId = "@alice:a.example";
export const BOB: UserId = "@bob:b.example";
export const CAROL: UserId = "@carol:c.example";
export const CREATE_ID: EventId = "$create";

export function versionNamed(id: string): RoomVersion {
  const version = roomVersion(id);
  if (version === undefined) throw new Error(`room version ${id} is missing`);
  return version;
}

type Draft = Partial<Pdu> & { readonly type: string };

/** An event of the room; sent by Alice unless it says otherwise. */
export const pdu = (draft: Draft): Pdu => ({
  sender: ALICE,
  content: {},
  room_id: "!create",
  origin_server_ts: 0,
  depth: 0,
  prev_events: ["$previous"],
  auth_events: [],
  hashes: { sha256: "" },
  signatures: {},
  ...draft,
});

export const createEvent = (version: RoomVersion, content: JsonObject = {}): Pdu => {
  const { room_id, ...rest } = pdu({
    type: "m.room.create",
    state_key: "",
    prev_events: [],
    content: version.implicitCreator ? content : { creator: ALICE, ...content },
  });
  return version.roomIdIsCreateHash ? rest : { ...rest, room_id: "!create:a.example" };
};

export const member = (userId: string, membership: string, draft: Partial<Pdu> = {}): Pdu => {
  const { content, ...rest } = draft;
  const sender = userId as UserId;
  return pdu({ type: "m.room.member", sender, state_key: userId, content: { membership, ...content }, ...rest });
};

export const powerLevels = (content: JsonObject, draft: Partial<Pdu> = {}): Pdu =>
  pdu({ type: "m.room.power_levels", state_key: "", content, ...draft });

export const joinRules = (join_rule: string): Pdu =>
  pdu({ type: "m.room.join_rules", state_key: "", content: { join_rule } });

export const stateOf = (events: readonly Pdu[]): AuthState => {
  const state = new Map(events.map((event) => [JSON.stringify([event.type, event.state_key]), event]));
  return (type, stateKey) => state.get(JSON.stringify([type, stateKey]));
};

const UNSIGNED: SignatureChecks = { signedByServer: () => false, signedByKey: () => false };

/** Judges an event in a room that Alice created and is joined to, and that has this state besides. */
export function judge(
  version: RoomVersion,
  event: Pdu,
  state: readonly Pdu[] = [],
  signatures: Partial<SignatureChecks> = {},
): AuthVerdict {
  return checkAuth({
    version,
    event,
    authState: stateOf([createEvent(version), member(ALICE, "join"), ...state]),
    createEventId: CREATE_ID,
    signatures: { ...UNSIGNED, ...signatures },
  });
}

export const ruleOf = (verdict: AuthVerdict): string => (verdict.allowed ? "allowed" : verdict.rule);
