import { getCapabilities, getServerInformation, getTurnServer, getVersions, getWellknown } from "@croft/api";
import { type Route, route } from "@croft/http";
import { DEFAULT_ROOM_VERSION, SUPPORTED_ROOM_VERSIONS } from "@croft/protocol";
import type { HomeserverSettings } from "../settings.ts";

/** The versions whose endpoints clients may expect here, with the historical names old clients look for. */
const VERSIONS = [
  ...["r0.0.1", "r0.1.0", "r0.2.0", "r0.3.0", "r0.4.0", "r0.5.0", "r0.6.0", "r0.6.1"],
  ...["v1.1", "v1.2", "v1.3", "v1.4", "v1.5", "v1.6", "v1.7", "v1.8", "v1.9", "v1.10", "v1.11", "v1.12"],
];

/** Names from before their features were in the spec; there are clients that ask for nothing else. */
const UNSTABLE_FEATURES = {
  "org.matrix.e2e_cross_signing": true,
  "org.matrix.msc3916.stable": true,
};

export type ServerInformationDeps = {
  readonly settings: Pick<HomeserverSettings, "serverName" | "publicBaseUrl" | "registration">;
  readonly version: string;
};

/** What the server says of itself. */
export function serverInformationRoutes({ settings, version }: ServerInformationDeps): Route[] {
  const versions = { versions: VERSIONS, unstable_features: UNSTABLE_FEATURES };
  const enabled = { enabled: true };
  const capabilities = {
    "m.change_password": enabled,
    "m.room_versions": {
      default: DEFAULT_ROOM_VERSION,
      available: Object.fromEntries(SUPPORTED_ROOM_VERSIONS.map((id) => [id, "stable" as const])),
    },
    "m.set_displayname": enabled,
    "m.set_avatar_url": enabled,
    "m.3pid_changes": { enabled: false },
    "m.get_login_token": { enabled: false },
    "m.profile_fields": enabled,
  };
  return [
    route(getVersions, async () => versions),
    route(getCapabilities, async () => ({ capabilities })),
    route(getWellknown, async () => ({ "m.homeserver": { base_url: settings.publicBaseUrl } })),
    route(getTurnServer, async () => ({})),
    route(getServerInformation, async () => ({
      server_name: settings.serverName,
      base_url: settings.publicBaseUrl,
      version,
      registration: settings.registration.mode,
    })),
  ];
}
