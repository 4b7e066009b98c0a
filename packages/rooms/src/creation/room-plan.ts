import { isUserId, type JsonObject, type RoomAlias, type RoomVersion, stateMapKey, type UserId } from "@croft/protocol";
import { initialPowerLevels } from "./initial-power-levels.ts";
import { type InitialState, type Preset, presetState } from "./presets.ts";

/** What a client asks a new room to be. */
export type RoomWishes = {
  readonly creator: UserId;
  readonly visibility?: "public" | "private" | undefined;
  readonly preset?: Preset | undefined;
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  readonly invite?: readonly UserId[] | undefined;
  readonly isDirect?: boolean | undefined;
  readonly creationContent?: JsonObject | undefined;
  readonly powerLevelOverride?: JsonObject | undefined;
  readonly initialState?: readonly InitialState[] | undefined;
};

/** The contents of a new room's first events. */
export type RoomPlan = {
  readonly create: JsonObject;
  readonly powerLevels: JsonObject;
  /** Everything after, but for the invites. */
  readonly state: readonly InitialState[];
};

/** Decides what the first events say. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom */
export function planRoom(wishes: RoomWishes, version: RoomVersion, alias: RoomAlias | undefined): RoomPlan {
  const { creator, invite = [], powerLevelOverride } = wishes;
  const preset = wishes.preset ?? (wishes.visibility === "public" ? "public_chat" : "private_chat");
  const trusted = preset === "trusted_private_chat" ? invite : [];
  const create = createContent(wishes, version, trusted);
  const additional = create["additional_creators"];
  const creators = version.privilegedCreators && Array.isArray(additional) ? [creator, ...additional] : [creator];
  const powerLevels =
    wishes.initialState?.find(({ type, stateKey }) => type === "m.room.power_levels" && stateKey === "")?.content ??
    initialPowerLevels({ version, creators, trusted, override: powerLevelOverride });
  return { create, powerLevels, state: stateAfterPowerLevels(wishes, preset, alias) };
}

function createContent(
  { creator, creationContent = {} }: RoomWishes,
  version: RoomVersion,
  trusted: readonly UserId[],
): JsonObject {
  const { creator: _creator, additional_creators: asked, ...rest } = creationContent;
  const content: JsonObject = {
    ...rest,
    ...(version.implicitCreator ? undefined : { creator }),
    room_version: version.id,
  };
  if (!version.privilegedCreators || (asked === undefined && trusted.length === 0)) return content;
  // What is no list of user ids is left as it is: the auth rules refuse it.
  if (asked !== undefined && !(Array.isArray(asked) && asked.every((id) => typeof id === "string" && isUserId(id)))) {
    return { ...content, additional_creators: asked };
  }
  const others = new Set([...((asked as readonly string[] | undefined) ?? []), ...trusted]);
  others.delete(creator);
  return others.size === 0 ? content : { ...content, additional_creators: [...others] };
}

/** In the order it is sent; of two wishes for the same state the later one counts, in the place of the first. */
function stateAfterPowerLevels(wishes: RoomWishes, preset: Preset, alias: RoomAlias | undefined): InitialState[] {
  const { name, topic, initialState = [] } = wishes;
  const state = new Map<string, InitialState>();
  const set = (entry: InitialState) => state.set(stateMapKey(entry.type, entry.stateKey), entry);
  if (alias !== undefined) set({ type: "m.room.canonical_alias", stateKey: "", content: { alias } });
  for (const entry of presetState(preset)) set(entry);
  for (const entry of initialState) if (entry.type !== "m.room.power_levels" || entry.stateKey !== "") set(entry);
  if (name !== undefined) set({ type: "m.room.name", stateKey: "", content: { name } });
  if (topic !== undefined) set({ type: "m.room.topic", stateKey: "", content: topicContent(topic) });
  return [...state.values()];
}

/** https://spec.matrix.org/v1.19/client-server-api/#mroomtopic */
const topicContent = (topic: string): JsonObject => ({
  topic,
  "m.topic": { "m.text": [{ body: topic, mimetype: "text/plain" }] },
});
