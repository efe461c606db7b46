import type { AttemptView } from '@vigie/contract/attempt/view'
import { PHOTO_KINDS, type PhotoKind } from '@vigie/exam-engine/catalog/policy'
import { m } from '#lib/paraglide/messages.js'
import { sha256 } from '#lib/platform/sha256.ts'

/** Our own words of the Information step, of this month. Change it whenever they change in substance. */
const WORDS = '2026-12'

/**
 * Names the text of the Information step that was shown, stored with the acknowledgement [IDN-03]: our words, the way
 * and the language, and a digest of all that was on the page, for staff write a part of it and its policy another.
 * At most 40 characters.
 */
export async function informationVersion(
  recorded: boolean,
  language: string,
  texts: readonly string[],
): Promise<string> {
  const digest = await sha256(texts.join('\n'))
  return `${WORDS}-${recorded ? 'recorded' : 'live'}-${language}-${digest.slice(0, 16)}`
}

const photosKept: Readonly<Record<PhotoKind, () => string>> = {
  document: m.attempt_info_kept_document,
  'second-document': m.attempt_info_kept_second_document,
  face: m.attempt_info_kept_face,
}

type Photos = NonNullable<AttemptView['entry']>['photos']

/** What is kept of the exam, as its policy has it: « votre caméra avec le son, … et vos réponses » [IDN-03]. */
export function keptInWords(recorded: boolean, photos: Photos, language: string): string {
  const kept = [
    ...(recorded ? [m.attempt_info_kept_camera(), m.attempt_info_kept_screen()] : []),
    ...PHOTO_KINDS.filter((kind) => photos[kind].rule !== 'off').map((kind) => photosKept[kind]()),
    m.attempt_info_kept_answers(),
    m.attempt_info_kept_chat(),
  ]
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(kept)
}
