import type { UserId } from "@croft/protocol";
import type { GetPushRulesDeps } from "./get-push-rules.ts";
import { getPushRules } from "./get-push-rules.ts";
import { readStoredRules, rulesetOf } from "./stored-rules.ts";

/**
 * The content of a user's `m.push_rules` as clients get it, from the text kept as their account data of that type:
 * undefined for a user who has changed nothing. https://spec.matrix.org/v1.19/client-server-api/#mpush_rules
 */
export const pushRulesText = (userId: UserId, stored: string | undefined): string =>
  JSON.stringify({ global: rulesetOf(userId, readStoredRules(stored)) });

export const pushRulesContent = async (deps: GetPushRulesDeps, userId: UserId): Promise<string> =>
  JSON.stringify({ global: await getPushRules(deps, userId) });
