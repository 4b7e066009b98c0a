import { MatrixError } from "@croft/protocol";
import type { MediaContent, Storage, ThumbnailKey } from "@croft/storage";
import type { MediaFiles } from "../files/media-files.ts";
import { isScalable } from "./image-format.ts";
import type { ImageScaler } from "./image-scaler.ts";
import { type ThumbnailSize, thumbnailSize } from "./thumbnail-size.ts";

export type ThumbnailsDeps = {
  readonly storage: Storage<"media">;
  readonly files: MediaFiles;
  readonly scaler: Pick<ImageScaler, "scale">;
};

/** Makes each thumbnail once, and remembers it. */
export class Thumbnails {
  readonly #deps: ThumbnailsDeps;
  readonly #making = new Map<string, Promise<MediaContent>>();

  constructor(deps: ThumbnailsDeps) {
    this.#deps = deps;
  }

  /** 400 `M_UNKNOWN` for what is no image that is scaled here, M_TOO_LARGE for too many pixels. */
  async get(source: MediaContent, wanted: ThumbnailSize): Promise<MediaContent> {
    const size = thumbnailSize(wanted);
    const key = { sourceSha256: source.sha256, ...size };
    const stored = await this.#deps.storage.read.media.getThumbnail(key);
    if (stored) return stored;
    const name = `${key.sourceSha256} ${key.method} ${key.width} ${key.height}`;
    let making = this.#making.get(name);
    if (!making) {
      making = this.#make(source, key).finally(() => this.#making.delete(name));
      this.#making.set(name, making);
    }
    return making;
  }

  async #make(source: MediaContent, key: ThumbnailKey): Promise<MediaContent> {
    const { storage, files, scaler } = this.#deps;
    const path = files.path(source.sha256);
    if (!(await isScalable(path))) throw cannotScale();
    const { method, width, height } = key;
    const scaled = await scaler.scale({ path, method, width, height });
    if (scaled.kind === "undecodable") throw cannotScale();
    if (scaled.kind === "tooLarge") throw new MatrixError("M_TOO_LARGE", "This image is too large for a thumbnail");
    const { contentType } = scaled;
    const record = (content: MediaContent) => storage.write(async (tx) => tx.media.setThumbnail(key, content));
    if (scaled.kind === "asIs") {
      const content = { ...source, contentType };
      await record(content);
      return content;
    }
    const received = await files.keep([scaled.bytes], {
      maxBytes: scaled.bytes.length,
      record: (kept) => record({ ...kept, contentType }),
    });
    return { ...received, contentType };
  }
}

const cannotScale = () => new MatrixError("M_UNKNOWN", "No thumbnail can be made of this content", { status: 400 });
