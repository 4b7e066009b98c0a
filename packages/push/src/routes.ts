import * as api from "@croft/api";
import { type Route, route } from "@croft/http";
import { setPushRuleActions, setPushRuleEnabled } from "./push-rules/amend-push-rule.ts";
import type { ChangePushRulesDeps } from "./push-rules/change-push-rules.ts";
import { deletePushRule } from "./push-rules/delete-push-rule.ts";
import { getPushRule, getPushRules } from "./push-rules/get-push-rules.ts";
import { setPushRule } from "./push-rules/set-push-rule.ts";

export type PushDeps = ChangePushRulesDeps;

export const pushRoutes = (deps: PushDeps): Route[] => [
  route(api.getPushRules, async ({ requester: { userId } }) => ({ global: await getPushRules(deps, userId) })),
  route(api.getPushRulesGlobal, ({ requester: { userId } }) => getPushRules(deps, userId)),
  route(api.getPushRule, ({ requester: { userId }, params }) => getPushRule(deps, { userId, ...params })),
  route(api.setPushRule, async ({ requester: { userId }, params, query, body }) => {
    const { actions, conditions, pattern } = body;
    await setPushRule(deps, { userId, ...params, ...query, actions, conditions, pattern });
    return {};
  }),
  route(api.deletePushRule, async ({ requester: { userId }, params }) => {
    await deletePushRule(deps, { userId, ...params });
    return {};
  }),
  route(api.isPushRuleEnabled, async ({ requester: { userId }, params }) => {
    const { enabled } = await getPushRule(deps, { userId, ...params });
    return { enabled };
  }),
  route(api.setPushRuleEnabled, async ({ requester: { userId }, params, body: { enabled } }) => {
    await setPushRuleEnabled(deps, { userId, ...params, enabled });
    return {};
  }),
  route(api.getPushRuleActions, async ({ requester: { userId }, params }) => {
    const { actions } = await getPushRule(deps, { userId, ...params });
    return { actions: [...actions] };
  }),
  route(api.setPushRuleActions, async ({ requester: { userId }, params, body: { actions } }) => {
    await setPushRuleActions(deps, { userId, ...params, actions });
    return {};
  }),
];
