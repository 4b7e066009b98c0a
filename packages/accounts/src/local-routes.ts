import {
  addLocalRegistrationToken,
  addLocalUser,
  getLocalRegistrationTokens,
  removeLocalRegistrationToken,
} from "@croft/api";
import { type Route, route } from "@croft/http";
import type { Accounts } from "./create-accounts.ts";
import { createUser } from "./registration/create-user.ts";
import { createRegistrationToken } from "./registration-tokens/create-registration-token.ts";
import { listRegistrationTokens } from "./registration-tokens/list-registration-tokens.ts";
import { removeRegistrationToken } from "./registration-tokens/remove-registration-token.ts";

/** What the operator's commands ask for. For the data folder's socket only: nobody has to prove who they are. */
export function localAccountsRoutes(accounts: Accounts): Route[] {
  return [
    route(addLocalUser, async ({ body: { localpart, password, admin } }) => ({
      user_id: await createUser(accounts, { localpart, password, isAdmin: admin }),
    })),
    route(
      addLocalRegistrationToken,
      async ({ body: { token, uses_allowed: usesAllowed, lifetime_ms: lifetimeMs } }) => ({
        token: await createRegistrationToken(accounts, { token, usesAllowed, lifetimeMs }),
      }),
    ),
    route(getLocalRegistrationTokens, async () => ({
      registration_tokens: (await listRegistrationTokens(accounts)).map(
        ({ token, completed, usesAllowed, expiresTs, usable }) => ({
          token,
          completed,
          ...(usesAllowed !== undefined && { uses_allowed: usesAllowed }),
          ...(expiresTs !== undefined && { expires_ts: expiresTs }),
          usable,
        }),
      ),
    })),
    route(removeLocalRegistrationToken, async ({ params }) => {
      await removeRegistrationToken(accounts, params);
      return {};
    }),
  ];
}
