/**
 * SHA-1 of a string's UTF-8, in hexadecimal. Only state resolution v1 wants it, to break ties; it protects nothing.
 * https://www.rfc-editor.org/rfc/rfc3174
 */
export function sha1Hex(text: string): string {
  const message = utf8(text);
  const blocks = new DataView(new ArrayBuffer(((message.length + 8) >> 6) * 64 + 64));
  for (let index = 0; index < message.length; index++) blocks.setUint8(index, message.charCodeAt(index));
  blocks.setUint8(message.length, 0x80);
  blocks.setUint32(blocks.byteLength - 4, message.length * 8);

  const hash = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Uint32Array(80);
  for (let block = 0; block < blocks.byteLength; block += 64) {
    for (let t = 0; t < 16; t++) words[t] = blocks.getUint32(block + t * 4);
    for (let t = 16; t < 80; t++) {
      words[t] = rotate(words[t - 3]! ^ words[t - 8]! ^ words[t - 14]! ^ words[t - 16]!, 1);
    }
    let a = hash[0]!;
    let b = hash[1]!;
    let c = hash[2]!;
    let d = hash[3]!;
    let e = hash[4]!;
    for (let t = 0; t < 80; t++) {
      const [f, k] = mix(t, b, c, d);
      const next = (rotate(a, 5) + f + e + k + words[t]!) >>> 0;
      [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((word, index) => {
      hash[index] = hash[index]! + word;
    });
  }
  return Array.from(hash, (word) => word.toString(16).padStart(8, "0")).join("");
}

/** A string with one character for each byte. */
const utf8 = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

function mix(t: number, b: number, c: number, d: number): readonly [f: number, k: number] {
  if (t < 20) return [(b & c) | (~b & d), 0x5a827999];
  if (t < 40) return [b ^ c ^ d, 0x6ed9eba1];
  if (t < 60) return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}
