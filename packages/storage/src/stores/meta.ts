/** Facts about the database itself: the server's name, its keys, what was set up. */
export interface MetaReader {
  get(key: string): Promise<string | undefined>;
}

export interface MetaStore extends MetaReader {
  set(key: string, value: string): void;
  /** Guarded: fails if the key has a value, so that of several first starts one decides. */
  setFirst(key: string, value: string): void;
  remove(key: string): void;
}
