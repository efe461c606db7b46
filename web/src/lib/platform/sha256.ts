/** SHA-256, in lower-case hexadecimal. */
export const sha256OfBytes = async (bytes: BufferSource): Promise<string> =>
  Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

/** SHA-256 of the UTF-8 text, in lower-case hexadecimal. */
export const sha256 = (text: string): Promise<string> => sha256OfBytes(new TextEncoder().encode(text))
