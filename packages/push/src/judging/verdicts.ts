import {
  type CompiledPushRules,
  compilePushRules,
  defaultPushRules,
  evaluatePushRules,
  type PushEvent,
  type PushRule,
  type PushRuleset,
  type UserId,
} from "@croft/protocol";

/** What an event is to a user: whether it counts, and whether it counts as a highlight too. */
export type Verdict = { readonly notifies: boolean; readonly highlights: boolean };

export function verdictOf(rules: CompiledPushRules, event: PushEvent, displayName: string | undefined): Verdict {
  const { notify, highlight } = evaluatePushRules(rules, event, { displayName });
  return { notifies: notify, highlights: notify && highlight };
}

export const defaultRules = (userId: UserId): CompiledPushRules => compilePushRules(defaultPushRules(userId), userId);

/** Not the id of anybody, but it can stand in an event. */
const ANYBODY: UserId = "@:";

/** The default rules but for those that name their owner: what an event is to all whom it does not name. */
export const EVERYONE: CompiledPushRules = compilePushRules(withoutOwner(defaultPushRules(ANYBODY)), ANYBODY);

function withoutOwner(rules: PushRuleset): PushRuleset {
  const { override, content, room, sender, underride } = rules;
  return { override: unowned(override), content, room, sender, underride: unowned(underride) };
}

// Hoisted: EVERYONE is made while this module loads.
function unowned(rules: readonly PushRule[]): PushRule[] {
  return rules.filter(
    ({ conditions = [] }) => !conditions.some((condition) => Object.values(condition).includes(ANYBODY)),
  );
}
