import type { Storage } from "@croft/storage";
import type { Profiles } from "../ports.ts";

/** The names and pictures that accounts have stored. */
export const storedProfiles = ({ storage }: { readonly storage: Pick<Storage<"profiles">, "read"> }): Profiles => ({
  async profile(userId) {
    const { displayname, avatar_url } = (await storage.read.profiles.get(userId))?.fields ?? {};
    return {
      displayname: typeof displayname === "string" ? displayname : undefined,
      avatar_url: typeof avatar_url === "string" ? avatar_url : undefined,
    };
  },
});
