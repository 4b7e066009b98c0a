export {
  type Accounts,
  type AccountsDeps,
  type AccountsStorage,
  createAccounts,
  startAccounts,
} from "./create-accounts.ts";
export {
  type Flows,
  type InteractiveAuthDeps,
  type InteractiveAuthRequest,
  PASSWORD_FLOWS,
  requireInteractiveAuth,
  type SubmittedAuth,
} from "./interactive-auth/require-interactive-auth.ts";
export { localAccountsRoutes } from "./local-routes.ts";
export type { DeviceKeys, PushRules, RoomMemberships } from "./ports.ts";
export { type CreateUserDeps, createUser } from "./registration/create-user.ts";
export type { RegistrationSettings } from "./registration/settings.ts";
export { accountsRoutes } from "./routes.ts";
export { AccessTokens } from "./sessions/access-tokens.ts";
export { type CreateSetupTokenDeps, createSetupToken } from "./setup/create-setup-token.ts";
