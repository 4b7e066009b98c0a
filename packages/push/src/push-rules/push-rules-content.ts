import type { UserId } from "@croft/protocol";
import { readStoredRules, rulesetOf } from "./stored-rules.ts";

/**
 * The content of a user's `m.push_rules` as clients get it, from the text kept as their account data of that type:
 * undefined for a user who has changed nothing. https://spec.matrix.org/v1.19/client-server-api/#mpush_rules
 */
export const pushRulesContent = (userId: UserId, kept: string | undefined): string =>
  JSON.stringify({ global: rulesetOf(userId, readStoredRules(kept)) });
