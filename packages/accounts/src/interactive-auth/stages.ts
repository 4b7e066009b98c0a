import type { AuthData } from "@croft/api";
import type { ErrorCode, ServerName, UserId } from "@croft/protocol";
import type { Clock, Passwords } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { checkPassword } from "../login/check-password.ts";
import { userNamedBy } from "../login/user-named-by.ts";
import { isUsable } from "../registration-tokens/is-usable.ts";

export type StageDeps = {
  readonly storage: Storage<"accounts" | "registrationTokens">;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly serverName: ServerName;
};

type Stage = (
  deps: StageDeps,
  submitted: { readonly auth: AuthData; readonly userId: UserId | undefined },
) => Promise<{ errcode: ErrorCode; error: string } | undefined>;

/** https://spec.matrix.org/v1.19/client-server-api/#authentication-types */
const STAGES: { readonly [type: string]: Stage } = {
  "m.login.dummy": async () => undefined,

  async "m.login.password"(deps, { auth, userId }) {
    const password = auth["password"];
    if (typeof password !== "string") return { errcode: "M_MISSING_PARAM", error: "password is missing in auth" };
    const account = await checkPassword(deps, {
      name: userNamedBy({ identifier: auth["identifier"], user: auth["user"] }),
      password,
    });
    if (account && account.userId === userId) return undefined;
    return { errcode: "M_FORBIDDEN", error: "Wrong user name or password" };
  },

  async "m.login.registration_token"({ storage, clock }, { auth }) {
    const token = auth["token"];
    if (typeof token !== "string") return { errcode: "M_MISSING_PARAM", error: "token is missing in auth" };
    if (isUsable(await storage.read.registrationTokens.get(token), clock.now())) return undefined;
    return { errcode: "M_UNAUTHORIZED", error: "This registration token is not valid" };
  },
};

/** Why what was submitted does not complete the stage; undefined if it does. */
export async function checkStage(
  deps: StageDeps,
  { type, auth, userId }: { type: string; auth: AuthData; userId: UserId | undefined },
): Promise<{ errcode: ErrorCode; error: string } | undefined> {
  const stage = STAGES[type];
  if (!stage) return { errcode: "M_UNRECOGNIZED", error: `This server does not know ${type}` };
  return stage(deps, { auth, userId });
}
