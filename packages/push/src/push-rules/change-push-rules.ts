import { MatrixError, type UserId, utf8Length } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { OwnRules } from "../judging/own-rules.ts";
import { PUSH_RULES_TYPE, readStoredRules, type StoredRules } from "./stored-rules.ts";

export type ChangePushRulesDeps = {
  readonly storage: Storage<"accountData" | "memberships">;
  readonly ownRules: OwnRules;
};

/** Room for more than a thousand rules: each is tried at each event of the user's rooms. */
const MAX_RULES_BYTES = 256 * 1024;

/** Replaces a user's rules by what `change` makes of them; it throws what it refuses. Past events keep their verdict. */
export async function changePushRules(
  { storage, ownRules }: ChangePushRulesDeps,
  userId: UserId,
  change: (rules: StoredRules) => StoredRules,
): Promise<void> {
  const key = { userId, roomId: undefined, type: PUSH_RULES_TYPE };
  await ownRules.change(userId, async () => {
    const { text, isFirst } = await storage.write(async (tx) => {
      const before = await tx.accountData.get(key);
      const text = JSON.stringify(change(readStoredRules(before?.content)));
      if (utf8Length(text) > MAX_RULES_BYTES) throw new MatrixError("M_TOO_LARGE", "There are too many push rules");
      tx.accountData.replace(key, text, before?.position);
      return { text, isFirst: before === undefined };
    });
    const joined = isFirst ? await storage.read.memberships.ofUser(userId, ["join"]) : [];
    return { text, newIn: joined.map(({ roomId }) => roomId) };
  });
}
