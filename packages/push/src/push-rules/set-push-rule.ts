import { invalidParam, type JsonObject, MatrixError, missingParam } from "@croft/protocol";
import { type ChangePushRulesDeps, changePushRules } from "./change-push-rules.ts";
import { checkActions, type RuleActions } from "./check-actions.ts";
import type { RuleName } from "./get-push-rules.ts";
import type { OwnRule, StoredRules } from "./stored-rules.ts";

export type NewRule = RuleName & {
  readonly actions: RuleActions;
  readonly conditions?: readonly JsonObject[] | undefined;
  readonly pattern?: string | undefined;
  /** The user's own rule it is to stand next to, as the more important one; decides over `after`. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
};

/** Adds or changes one of a user's own rules. https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleid */
export async function setPushRule(deps: ChangePushRulesDeps, rule: NewRule): Promise<void> {
  const { userId, kind, ruleId, actions, conditions = [], pattern } = rule;
  if (ruleId.startsWith(".")) throw invalidParam("Rule ids that start with a dot are the server's");
  if (/[/\\]/.test(ruleId)) throw invalidParam("A rule id has no slashes and no backslashes");
  if (kind === "content" && pattern === undefined) throw missingParam("pattern is missing in the body");
  checkActions(actions);
  const written: OwnRule = {
    rule_id: ruleId,
    enabled: true,
    actions,
    ...(kind === "override" || kind === "underride" ? { conditions } : undefined),
    ...(kind === "content" && pattern !== undefined ? { pattern } : undefined),
  };
  await changePushRules(deps, userId, (rules) => place(rules, rule, written));
}

/** A new rule is the most important one of its kind, a changed one stays where and as enabled as it is. */
function place(rules: StoredRules, { kind, ruleId, before, after }: NewRule, written: OwnRule): StoredRules {
  const own = rules.own[kind] ?? [];
  const others = own.filter(({ rule_id }) => rule_id !== ruleId);
  const known = own.findIndex(({ rule_id }) => rule_id === ruleId);
  const neighbour = before ?? after;
  let at = Math.max(known, 0);
  if (neighbour !== undefined) {
    const found = others.findIndex(({ rule_id }) => rule_id === neighbour);
    if (found === -1) throw new MatrixError("M_UNKNOWN", `before/after rule not found: ${neighbour}`, { status: 400 });
    at = before === undefined ? found + 1 : found;
  }
  const enabled = own[known]?.enabled ?? true;
  return { ...rules, own: { ...rules.own, [kind]: others.toSpliced(at, 0, { ...written, enabled }) } };
}
