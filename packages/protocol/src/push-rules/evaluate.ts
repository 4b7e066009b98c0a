import type { UserId } from "../identifiers/types.ts";
import type { JsonObject } from "../json.ts";
import { compileCondition, eventMatch, type Matcher, never } from "./compile-condition.ts";
import type { PushEvent } from "./push-event.ts";
import { PUSH_RULE_KINDS, type PushAction, type PushRule, type PushRuleKind, type PushRuleset } from "./ruleset.ts";

/** What a user's rules say of an event. Shared between events: not to be changed. */
export type PushVerdict = {
  /** The rule that decided; undefined when none matched. */
  readonly ruleId: string | undefined;
  readonly actions: readonly PushAction[];
  readonly notify: boolean;
  readonly highlight: boolean;
};

/** One user's rules made ready: compile at a change of the rules, evaluate at every event. */
export type CompiledPushRules = { readonly userId: UserId; readonly rules: readonly CompiledRule[] };

type CompiledRule = { readonly conditions: readonly Matcher[]; readonly verdict: PushVerdict };

const SILENT: PushVerdict = { ruleId: undefined, actions: [], notify: false, highlight: false };

/** Keeps the enabled rules in the order in which they are tried; actions of unknown kind are dropped. */
export function compilePushRules(ruleset: PushRuleset, userId: UserId): CompiledPushRules {
  const rules: CompiledRule[] = [];
  for (const kind of PUSH_RULE_KINDS) {
    for (const rule of ruleset[kind]) {
      if (rule.enabled) rules.push({ conditions: conditionsOf(kind, rule), verdict: verdictOf(rule) });
    }
  }
  return { userId, rules };
}

/**
 * The verdict of the first rule that matches. Nobody is notified of what they sent themselves.
 * https://spec.matrix.org/v1.19/client-server-api/#push-rules
 */
export function evaluatePushRules(
  { userId, rules }: CompiledPushRules,
  event: PushEvent,
  { displayName }: { readonly displayName: string | undefined },
): PushVerdict {
  if (event.event["sender"] === userId) return SILENT;
  for (const { conditions, verdict } of rules) {
    if (allHold(conditions, event, displayName)) return verdict;
  }
  return SILENT;
}

function allHold(conditions: readonly Matcher[], event: PushEvent, displayName: string | undefined): boolean {
  for (const condition of conditions) if (!condition(event, displayName)) return false;
  return true;
}

function conditionsOf(kind: PushRuleKind, { rule_id, pattern, conditions = [] }: PushRule): Matcher[] {
  switch (kind) {
    case "content":
      return [pattern === undefined ? never : eventMatch("content.body", pattern)];
    case "room":
      return [({ event }) => event["room_id"] === rule_id];
    case "sender":
      return [({ event }) => event["sender"] === rule_id];
    case "override":
    case "underride":
      return conditions.map(compileCondition);
  }
}

function verdictOf(rule: PushRule): PushVerdict {
  const actions = rule.actions.filter(isAction);
  let highlight = false;
  for (const action of actions) {
    // A highlight without a value is one; the last of several counts.
    if (action !== "notify" && action.set_tweak === "highlight") highlight = (action.value ?? true) === true;
  }
  return { ruleId: rule.rule_id, actions, notify: actions.includes("notify"), highlight };
}

/** The historical `dont_notify` and `coalesce` do nothing, by the spec's own word. */
const isAction = (action: PushAction | string | JsonObject): action is PushAction =>
  action === "notify" || (typeof action === "object" && typeof action["set_tweak"] === "string");
