import { defaultPushRules, type PushRule } from "@croft/protocol";
import { type ChangePushRulesDeps, changePushRules } from "./change-push-rules.ts";
import { checkActions, type RuleActions } from "./check-actions.ts";
import { noSuchRule, type RuleName } from "./get-push-rules.ts";
import type { ChangedRule, StoredRules } from "./stored-rules.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleidenabled */
export const setPushRuleEnabled = (
  deps: ChangePushRulesDeps,
  { enabled, ...rule }: RuleName & { readonly enabled: boolean },
): Promise<void> => amendPushRule(deps, rule, { enabled });

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleidactions */
export async function setPushRuleActions(
  deps: ChangePushRulesDeps,
  { actions, ...rule }: RuleName & { readonly actions: RuleActions },
): Promise<void> {
  checkActions(actions);
  await amendPushRule(deps, rule, { actions });
}

/** Changes a rule of the user's own or a default one; throws `M_NOT_FOUND` for what is neither. */
async function amendPushRule(deps: ChangePushRulesDeps, name: RuleName, amended: ChangedRule): Promise<void> {
  const { userId, kind, ruleId } = name;
  const predefined = defaultPushRules(userId)[kind].find(({ rule_id }) => rule_id === ruleId);
  await changePushRules(deps, userId, (rules) => {
    if (predefined !== undefined) return changeDefault(rules, predefined, amended);
    const own = rules.own[kind] ?? [];
    if (!own.some(({ rule_id }) => rule_id === ruleId)) throw noSuchRule();
    const changed = own.map((rule) => (rule.rule_id === ruleId ? { ...rule, ...amended } : rule));
    return { ...rules, own: { ...rules.own, [kind]: changed } };
  });
}

/** What is as the default has it again is no change any more. */
function changeDefault(rules: StoredRules, { rule_id, ...predefined }: PushRule, amended: ChangedRule): StoredRules {
  const { [rule_id]: before, ...others } = rules.changed;
  const { enabled = predefined.enabled, actions = predefined.actions } = { ...before, ...amended };
  const isDefault = JSON.stringify(actions) === JSON.stringify(predefined.actions);
  const change: ChangedRule = {
    ...(enabled === predefined.enabled ? undefined : { enabled }),
    ...(isDefault ? undefined : { actions }),
  };
  return { ...rules, changed: Object.keys(change).length === 0 ? others : { ...others, [rule_id]: change } };
}
