import type { JsonObject, PushRule, PushRuleset } from "@croft/protocol";
import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, Empty } from "../schemas.ts";

const Kind = Type.Enum(["override", "underride", "sender", "room", "content"]);
const RuleParams = Type.Object({ kind: Kind, ruleId: Type.String() });

const Action = Type.Union([Type.String(), Type.Unsafe<JsonObject>(AnyObject)]);
const Condition = Type.Unsafe<JsonObject>(Type.Object({ kind: Type.String() }));

const Rule = Type.Unsafe<PushRule>(
  Type.Object({
    rule_id: Type.String(),
    default: Type.Boolean(),
    enabled: Type.Boolean(),
    actions: Type.Array(Action),
    conditions: Type.Optional(Type.Array(AnyObject)),
    pattern: Type.Optional(Type.String()),
  }),
);

const Ruleset = Type.Unsafe<PushRuleset>(
  Type.Object({
    override: Type.Array(Rule),
    content: Type.Array(Rule),
    room: Type.Array(Rule),
    sender: Type.Array(Rule),
    underride: Type.Array(Rule),
  }),
);

const Enabled = Type.Object({ enabled: Type.Boolean() });
const Actions = Type.Object({ actions: Type.Array(Action) });

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrules */
export const getPushRules = endpoint({
  operationId: "getPushRules",
  method: "GET",
  path: "/_matrix/client/v3/pushrules/",
  auth: "accessToken",
  rateLimited: false,
  reply: Type.Object({ global: Ruleset }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobal */
export const getPushRulesGlobal = endpoint({
  operationId: "getPushRulesGlobal",
  method: "GET",
  path: "/_matrix/client/v3/pushrules/global/",
  auth: "accessToken",
  rateLimited: false,
  reply: Ruleset,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobalkindruleid */
export const getPushRule = endpoint({
  operationId: "getPushRule",
  method: "GET",
  path: "/_matrix/client/v3/pushrules/global/:kind/:ruleId",
  auth: "accessToken",
  rateLimited: false,
  params: RuleParams,
  reply: Rule,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleid */
export const setPushRule = endpoint({
  operationId: "setPushRule",
  method: "PUT",
  path: "/_matrix/client/v3/pushrules/global/:kind/:ruleId",
  auth: "accessToken",
  rateLimited: "general",
  params: RuleParams,
  query: Type.Object({ before: Type.Optional(Type.String()), after: Type.Optional(Type.String()) }),
  body: Type.Object({
    actions: Type.Array(Action),
    conditions: Type.Optional(Type.Array(Condition)),
    pattern: Type.Optional(Type.String()),
  }),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3pushrulesglobalkindruleid */
export const deletePushRule = endpoint({
  operationId: "deletePushRule",
  method: "DELETE",
  path: "/_matrix/client/v3/pushrules/global/:kind/:ruleId",
  auth: "accessToken",
  rateLimited: false,
  params: RuleParams,
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobalkindruleidenabled */
export const isPushRuleEnabled = endpoint({
  operationId: "isPushRuleEnabled",
  method: "GET",
  path: "/_matrix/client/v3/pushrules/global/:kind/:ruleId/enabled",
  auth: "accessToken",
  rateLimited: false,
  params: RuleParams,
  reply: Enabled,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleidenabled */
export const setPushRuleEnabled = endpoint({
  operationId: "setPushRuleEnabled",
  method: "PUT",
  path: "/_matrix/client/v3/pushrules/global/:kind/:ruleId/enabled",
  auth: "accessToken",
  rateLimited: false,
  params: RuleParams,
  body: Enabled,
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobalkindruleidactions */
export const getPushRuleActions = endpoint({
  operationId: "getPushRuleActions",
  method: "GET",
  path: "/_matrix/client/v3/pushrules/global/:kind/:ruleId/actions",
  auth: "accessToken",
  rateLimited: false,
  params: RuleParams,
  reply: Actions,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleidactions */
export const setPushRuleActions = endpoint({
  operationId: "setPushRuleActions",
  method: "PUT",
  path: "/_matrix/client/v3/pushrules/global/:kind/:ruleId/actions",
  auth: "accessToken",
  rateLimited: false,
  params: RuleParams,
  body: Actions,
  reply: Empty,
});
