import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { MatrixError } from "@croft/protocol";

export type ReceivedFile = { readonly sha256: string; readonly size: number };

export const uploadTooLarge = (maxBytes: number): MatrixError =>
  new MatrixError("M_TOO_LARGE", `Files of more than ${maxBytes} bytes cannot be uploaded`);

/** Writes a new file as its bytes come and syncs it; stops reading and throws M_TOO_LARGE past `maxBytes`. */
export async function receiveFile(
  path: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<ReceivedFile> {
  const hash = createHash("sha256");
  let size = 0;
  async function* counted() {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > maxBytes) throw uploadTooLarge(maxBytes);
      hash.update(chunk);
      yield chunk;
    }
  }
  await using file = await open(path, "wx", 0o600);
  await file.writeFile(counted());
  await file.sync();
  return { sha256: hash.digest("hex"), size };
}
