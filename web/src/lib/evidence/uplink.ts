import { readStored, writeStored } from '#lib/platform/storage.ts'

const KEY = 'vigie.evidence.uplink'

/** Keeps what the equipment check measured, in kilobits per second: the recording is made to fit it, also after a reload. */
export const rememberUplink = (kbps: number): void => writeStored(KEY, String(Math.round(kbps)))

/** What the check measured last on this computer; null when it never did. */
export function rememberedUplink(): number | null {
  const stored = Number(readStored(KEY) ?? Number.NaN)
  return Number.isFinite(stored) && stored > 0 ? stored : null
}
