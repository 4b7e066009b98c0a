import { opaqueId, type Random } from "@croft/runtime";

/** Unguessable: whoever knows a media id may have the media. */
export const newMediaId = (random: Random): string => opaqueId(random, 18);
