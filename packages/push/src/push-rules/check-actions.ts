import { invalidParam, type PushRule } from "@croft/protocol";

export type RuleActions = PushRule["actions"];

/** `dont_notify` and `coalesce` do nothing any more, but clients still send them. */
const WORDS = new Set(["notify", "dont_notify", "coalesce"]);

/** Throws `M_INVALID_PARAM` for an action there is not. https://spec.matrix.org/v1.19/client-server-api/#actions */
export function checkActions(actions: RuleActions): void {
  for (const action of actions) {
    const known = typeof action === "string" ? WORDS.has(action) : typeof action["set_tweak"] === "string";
    if (!known) throw invalidParam(`There is no action ${JSON.stringify(action)}`);
  }
}
