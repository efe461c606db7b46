import { beforeAll, describe, expect, it } from 'vitest'
import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'
import { overwriteGetLocale } from '#lib/paraglide/runtime.js'
import { informationVersion, keptInWords } from './information.ts'

const photos = (...asked: readonly PhotoKind[]) => {
  const state = (kind: PhotoKind) => ({
    rule: asked.includes(kind) ? ('skippable' as const) : ('off' as const),
    outcome: null,
    photo: null,
  })
  return { document: state('document'), 'second-document': state('second-document'), face: state('face') }
}

describe('[IDN-03] what a candidate acknowledges', () => {
  beforeAll(() => overwriteGetLocale(() => 'fr'))

  it('[IDN-03] names the photos this exam takes, one, three or none', () => {
    const kept = (...asked: readonly PhotoKind[]) => keptInWords(true, photos(...asked), 'fr')
    expect(kept('document', 'face')).toBe(
      'votre caméra avec le son, votre écran entier, une photo de votre pièce d’identité, une photo de votre visage, vos réponses et la conversation avec le surveillant',
    )
    expect(kept('document', 'second-document', 'face')).toContain('une photo d’une seconde pièce d’identité')
    expect(kept('face')).not.toContain('pièce d’identité')
    expect(kept()).not.toContain('photo')
  })

  it('[IDN-03] names no picture where nothing is filmed', () => {
    expect(keptInWords(false, photos('face'), 'fr')).toBe(
      'une photo de votre visage, vos réponses et la conversation avec le surveillant',
    )
  })

  it('[IDN-03] has another version as soon as a word of the certification is another', async () => {
    const version = (...texts: readonly string[]) => informationVersion(true, 'fr', texts)
    const first = await version('Base légale : contrat', 'En salle')
    expect(await version('Base légale : contrat', 'En salle')).toBe(first)
    expect(await version('Base légale : consentement', 'En salle')).not.toBe(first)
    expect(await informationVersion(true, 'en', ['Base légale : contrat', 'En salle'])).not.toBe(first)
    expect(first).toMatch(/^2026-12-recorded-fr-[0-9a-f]{16}$/)
    expect(first.length).toBeLessThanOrEqual(40)
  })
})
