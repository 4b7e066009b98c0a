import type { UserId } from "../identifiers/types.ts";
import type { PushAction, PushCondition, PushRule, PushRuleset } from "./ruleset.ts";

const HIGHLIGHT: PushAction = { set_tweak: "highlight" };
const DEFAULT_SOUND: PushAction = { set_tweak: "sound", value: "default" };
const RING: PushAction = { set_tweak: "sound", value: "ring" };
const TWO_MEMBERS: PushCondition = { kind: "room_member_count", is: "2" };

/**
 * The rules every account begins with, in their order. A user's own rules stand before those of the same kind here, but
 * for `.m.rule.master`, which stands before all.
 * https://spec.matrix.org/v1.19/client-server-api/#predefined-rules
 */
export const defaultPushRules = (userId: UserId): PushRuleset => ({
  override: [
    { ...rule(".m.rule.master", [], []), enabled: false },
    rule(".m.rule.suppress_notices", [matches("content.msgtype", "m.notice")], []),
    rule(
      ".m.rule.invite_for_me",
      [matches("type", "m.room.member"), matches("content.membership", "invite"), matches("state_key", userId)],
      ["notify", DEFAULT_SOUND],
    ),
    rule(".m.rule.member_event", [matches("type", "m.room.member")], []),
    rule(
      ".m.rule.is_user_mention",
      [{ kind: "event_property_contains", key: "content.m\\.mentions.user_ids", value: userId }],
      ["notify", DEFAULT_SOUND, HIGHLIGHT],
    ),
    rule(
      ".m.rule.is_room_mention",
      [
        { kind: "event_property_is", key: "content.m\\.mentions.room", value: true },
        { kind: "sender_notification_permission", key: "room" },
      ],
      ["notify", HIGHLIGHT],
    ),
    rule(".m.rule.tombstone", [matches("type", "m.room.tombstone"), matches("state_key", "")], ["notify", HIGHLIGHT]),
    rule(".m.rule.reaction", [matches("type", "m.reaction")], []),
    rule(".m.rule.room.server_acl", [matches("type", "m.room.server_acl"), matches("state_key", "")], []),
    rule(
      ".m.rule.suppress_edits",
      [{ kind: "event_property_is", key: "content.m\\.relates_to.rel_type", value: "m.replace" }],
      [],
    ),
  ],
  content: [],
  room: [],
  sender: [],
  underride: [
    rule(".m.rule.call", [matches("type", "m.call.invite")], ["notify", RING]),
    rule(
      ".m.rule.encrypted_room_one_to_one",
      [TWO_MEMBERS, matches("type", "m.room.encrypted")],
      ["notify", DEFAULT_SOUND],
    ),
    rule(".m.rule.room_one_to_one", [TWO_MEMBERS, matches("type", "m.room.message")], ["notify", DEFAULT_SOUND]),
    rule(".m.rule.message", [matches("type", "m.room.message")], ["notify"]),
    rule(".m.rule.encrypted", [matches("type", "m.room.encrypted")], ["notify"]),
  ],
});

const rule = (rule_id: string, conditions: PushCondition[], actions: PushAction[]): PushRule => ({
  rule_id,
  default: true,
  enabled: true,
  conditions,
  actions,
});

const matches = (key: string, pattern: string): PushCondition => ({ kind: "event_match", key, pattern });
