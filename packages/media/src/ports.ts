import type { ServerName } from "@croft/protocol";
import type { UploadedContent } from "@croft/storage";

/** Names media: `mxc://<serverName>/<mediaId>`. */
export type Mxc = { readonly serverName: ServerName; readonly mediaId: string };

export type Patience = {
  /** How long to wait for content that has not been uploaded yet. */
  readonly timeoutMs: number;
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
};

/** What media asks of who talks to other servers. */
export interface RemoteMedia {
  /** Other servers' content once it is among our files; undefined if it cannot be had. */
  get(mxc: Mxc, patience: Patience): Promise<UploadedContent | undefined>;
}
