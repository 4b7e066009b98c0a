import type { UserId } from "@croft/protocol";

/** What a user's push rules are; satisfied by push. */
export interface PushRules {
  /**
   * The content of `m.push_rules` as clients get it, JSON text, from the account data kept under that type; undefined: the
   * user has changed nothing yet, and has the default rules.
   */
  content(userId: UserId, kept: string | undefined): string;
}
