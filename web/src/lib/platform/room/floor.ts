/**
 * An answer that asks Chromium and Safari never to think less of the line than this, in kilobits per second, for all
 * pictures together; Firefox does not know the word and passes it over.
 */
export function withFloor(sdp: string, kbps: number): string {
  if (kbps === 0) return sdp
  const word = `x-google-min-bitrate=${kbps}`
  return sdp
    .split(/(?=^m=)/m)
    .map((section) => {
      const payload = /^m=video \d+ \S+ (\d+)/.exec(section)?.[1]
      if (!payload) return section
      const formatted = section.replace(
        new RegExp(`^a=fmtp:${payload} .*$`, 'm'),
        (line) => `${line};${word}`,
      )
      return formatted === section
        ? section.replace(
            new RegExp(`^a=rtpmap:${payload} .*$`, 'm'),
            (line) => `${line}\r\na=fmtp:${payload} ${word}`,
          )
        : formatted
    })
    .join('')
}
