import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Hardly any client sends even two. */
const MAX_FOLLOWING = 32;

/**
 * Requests that follow another one on their connection before it is answered. Each takes memory for as long as it
 * waits, and a line that carries any number of them would cost its caller next to nothing.
 */
export class PipelinedRequests {
  readonly #following = new WeakMap<Socket, number>();

  /** Whether a request may wait for those before it; where there are too many, its line is cut. */
  mayFollow({ socket }: IncomingMessage, response: ServerResponse): boolean {
    // A response has no socket while an earlier one is still to come.
    if (response.socket !== null) return true;
    const following = (this.#following.get(socket) ?? 0) + 1;
    if (following > MAX_FOLLOWING) {
      socket.destroy();
      return false;
    }
    this.#following.set(socket, following);
    response.on("close", () => this.#following.set(socket, (this.#following.get(socket) ?? 1) - 1));
    return true;
  }
}
