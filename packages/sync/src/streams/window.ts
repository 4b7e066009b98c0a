/** What lies after one place in the stream and up to another: `after < position <= upTo`. `after` 0 = everything. */
export type Window = { readonly after: number; readonly upTo: number };
