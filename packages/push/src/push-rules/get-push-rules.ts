import { notFound, type PushRule, type PushRuleKind, type PushRuleset, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { PUSH_RULES_TYPE, readStoredRules, rulesetOf } from "./stored-rules.ts";

export type GetPushRulesDeps = { readonly storage: Storage<"accountData"> };

export type RuleName = { readonly userId: UserId; readonly kind: PushRuleKind; readonly ruleId: string };

/** All rules of a user, default ones included. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrules */
export async function getPushRules({ storage }: GetPushRulesDeps, userId: UserId): Promise<PushRuleset> {
  const data = await storage.read.accountData.get({ userId, roomId: undefined, type: PUSH_RULES_TYPE });
  return rulesetOf(userId, readStoredRules(data?.content));
}

/** Throws `M_NOT_FOUND` for a rule the user does not have. */
export async function getPushRule(deps: GetPushRulesDeps, { userId, kind, ruleId }: RuleName): Promise<PushRule> {
  const rules = await getPushRules(deps, userId);
  const rule = rules[kind].find(({ rule_id }) => rule_id === ruleId);
  if (rule === undefined) throw noSuchRule();
  return rule;
}

export const noSuchRule = () => notFound("The push rule was not found");
