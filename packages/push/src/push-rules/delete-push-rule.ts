import { defaultPushRules, invalidParam } from "@croft/protocol";
import { type ChangePushRulesDeps, changePushRules } from "./change-push-rules.ts";
import { noSuchRule, type RuleName } from "./get-push-rules.ts";

/** Default rules stay: they can be disabled. https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3pushrulesglobalkindruleid */
export async function deletePushRule(deps: ChangePushRulesDeps, { userId, kind, ruleId }: RuleName): Promise<void> {
  if (defaultPushRules(userId)[kind].some(({ rule_id }) => rule_id === ruleId)) {
    throw invalidParam("A default rule cannot be deleted, only disabled");
  }
  await changePushRules(deps, userId, (rules) => {
    const own = rules.own[kind] ?? [];
    const kept = own.filter(({ rule_id }) => rule_id !== ruleId);
    if (kept.length === own.length) throw noSuchRule();
    return { ...rules, own: { ...rules.own, [kind]: kept } };
  });
}
