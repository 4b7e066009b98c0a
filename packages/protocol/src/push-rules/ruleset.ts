import type { JsonObject, JsonValue } from "../json.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#conditions-1 Kinds that are none of these never match. */
export type PushCondition =
  | { readonly kind: "event_match"; readonly key: string; readonly pattern: string }
  | { readonly kind: "event_property_is" | "event_property_contains"; readonly key: string; readonly value: JsonValue }
  | { readonly kind: "room_member_count"; readonly is: string }
  | { readonly kind: "sender_notification_permission"; readonly key: string }
  | { readonly kind: "contains_display_name" };

/** https://spec.matrix.org/v1.19/client-server-api/#actions */
export type PushAction = "notify" | { readonly set_tweak: string; readonly value?: JsonValue };

/** A rule as clients read and write it: what users send may hold conditions and actions of any kind. */
export type PushRule = {
  readonly rule_id: string;
  readonly default: boolean;
  readonly enabled: boolean;
  readonly actions: readonly (PushAction | string | JsonObject)[];
  /** Of override and underride rules. */
  readonly conditions?: readonly (PushCondition | JsonObject)[];
  /** Of content rules. */
  readonly pattern?: string;
};

export type PushRuleKind = "override" | "content" | "room" | "sender" | "underride";

/** In the order in which kinds are tried; within a kind, the first rule that matches decides. */
export const PUSH_RULE_KINDS = ["override", "content", "room", "sender", "underride"] as const satisfies PushRuleKind[];

/** https://spec.matrix.org/v1.19/client-server-api/#push-rules */
export type PushRuleset = { readonly [Kind in PushRuleKind]: readonly PushRule[] };
