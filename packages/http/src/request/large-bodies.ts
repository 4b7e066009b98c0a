import { MatrixError } from "@croft/protocol";

/** Smaller bodies are not counted: each takes little more than its connection does. */
export const SMALL_BODY_BYTES = 64 * 1024;
/** Several at once of the largest there are. */
const MAX_BYTES = 32 * 1024 * 1024;
const RETRY_AFTER_MS = 1_000;

/** How much of the memory each caller's large bodies may take together, from their first byte to their answer. */
export class LargeBodies {
  readonly #bytes = new Map<string, number>();

  /** Counts a body until what is returned is called; M_LIMIT_EXCEEDED where the caller has too much under way. */
  take(caller: string, bytes: number): () => void {
    const others = this.#bytes.get(caller) ?? 0;
    if (others > 0 && others + bytes > MAX_BYTES) {
      throw new MatrixError("M_LIMIT_EXCEEDED", "Too many large requests at once", { retry_after_ms: RETRY_AFTER_MS });
    }
    this.#bytes.set(caller, others + bytes);
    return () => {
      const rest = (this.#bytes.get(caller) ?? 0) - bytes;
      if (rest > 0) this.#bytes.set(caller, rest);
      else this.#bytes.delete(caller);
    };
  }
}
