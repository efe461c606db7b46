import { readStored, writeStored } from '#lib/platform/storage.ts'

/** The devices a person chose, kept in this browser so that the exam opens the same ones. */
export type ChosenKind = 'camera' | 'microphone'

const key = (kind: ChosenKind): string => `vigie.checks.${kind}`

/** The device chosen last; null when none was, or where the browser keeps nothing. */
export const rememberedDevice = (kind: ChosenKind): string | null => readStored(key(kind)) || null

export const rememberDevice = (kind: ChosenKind, deviceId: string): void => writeStored(key(kind), deviceId)
