import { inflateRawSync } from 'node:zlib'

/** The files of a ZIP archive by name, read from its directory. Enough for what we write ourselves. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const method = archive.readUInt16LE(at + 10)
    const size = archive.readUInt32LE(at + 20)
    const [name, extra, comment] = [28, 30, 32].map((place) => archive.readUInt16LE(at + place))
    const local = archive.readUInt32LE(at + 42)
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const packed = archive.subarray(begin, begin + size)
    files.set(
      archive.toString('utf8', at + 46, at + 46 + name!),
      method === 0 ? packed : inflateRawSync(packed),
    )
    at += 46 + name! + extra! + comment!
  }
  return files
}
