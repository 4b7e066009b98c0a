import type { ServerName } from "@croft/protocol";

/** What an operator decides, as values; who read them from where is not known here. */
export type HomeserverSettings = {
  readonly serverName: ServerName;
  /** Where clients reach the server, ending in `/`. */
  readonly publicBaseUrl: string;
  readonly registration: { readonly mode: "closed" | "token" | "open"; readonly sharedSecret: string | undefined };
  readonly rateLimitsEnabled: boolean;
  readonly maxUploadBytes: number;
  readonly mediaFolder: string;
  readonly trustedProxies: readonly string[];
};
