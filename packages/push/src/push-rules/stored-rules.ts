import {
  defaultPushRules,
  PUSH_RULE_KINDS,
  type PushRule,
  type PushRuleKind,
  type PushRuleset,
  type UserId,
} from "@croft/protocol";

export const PUSH_RULES_TYPE = "m.push_rules";

/**
 * What a user has set, and nothing of what every account begins with: default rules that the server learns or changes
 * later are everyone's at once. Kept as the text of the user's `m.push_rules`.
 */
export type StoredRules = {
  /** The user's own rules, the most important first. */
  readonly own: { readonly [Kind in PushRuleKind]?: readonly OwnRule[] };
  /** What is changed of default rules, by their ids. */
  readonly changed: { readonly [ruleId: string]: ChangedRule };
};

export type OwnRule = Omit<PushRule, "default">;
export type ChangedRule = Partial<Pick<PushRule, "enabled" | "actions">>;

const MASTER = ".m.rule.master";

export const readStoredRules = (text: string | undefined): StoredRules =>
  text === undefined ? { own: {}, changed: {} } : JSON.parse(text);

/** All rules of a user, in the order in which they are tried. */
export function rulesetOf(userId: UserId, { own, changed }: StoredRules): PushRuleset {
  const defaults = defaultPushRules(userId);
  const rulesOf = (kind: PushRuleKind): PushRule[] => {
    const predefined = defaults[kind].map((rule) => ({ ...rule, ...changed[rule.rule_id] }));
    return [
      ...predefined.filter(({ rule_id }) => rule_id === MASTER),
      ...(own[kind] ?? []).map((rule) => ({ ...rule, default: false })),
      ...predefined.filter(({ rule_id }) => rule_id !== MASTER),
    ];
  };
  const [override, content, room, sender, underride] = PUSH_RULE_KINDS.map(rulesOf);
  return { override, content, room, sender, underride } as PushRuleset;
}
