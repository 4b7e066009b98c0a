import type { JsonObject } from "@croft/protocol";

export type Preset = "private_chat" | "public_chat" | "trusted_private_chat";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom */
const PRESETS: { readonly [preset in Preset]: readonly [joinRule: string, guestAccess: string] } = {
  private_chat: ["invite", "can_join"],
  trusted_private_chat: ["invite", "can_join"],
  public_chat: ["public", "forbidden"],
};

export type InitialState = { readonly type: string; readonly stateKey: string; readonly content: JsonObject };

/** The state a preset sets, in the order it is sent. */
export function presetState(preset: Preset): InitialState[] {
  const [joinRule, guestAccess] = PRESETS[preset];
  return [
    { type: "m.room.join_rules", stateKey: "", content: { join_rule: joinRule } },
    { type: "m.room.history_visibility", stateKey: "", content: { history_visibility: "shared" } },
    { type: "m.room.guest_access", stateKey: "", content: { guest_access: guestAccess } },
  ];
}
