import type { IdentityDocument } from '@vigie/exam-engine/catalog/policy'
import { m } from '#lib/paraglide/messages.js'

export const documentWords: Readonly<Record<IdentityDocument, () => string>> = {
  passport: m.checks_document_passport,
  'identity-card': m.checks_document_identity_card,
  'residence-permit': m.checks_document_residence_permit,
  'driving-licence': m.checks_document_driving_licence,
}

/** « passeport, carte d’identité ou permis de conduire », inside a sentence [IDN-05]. */
export function documentsInWords(documents: readonly IdentityDocument[], language: string): string {
  const words = documents.map((one) => documentWords[one]().toLocaleLowerCase(language))
  return new Intl.ListFormat(language, { type: 'disjunction' }).format(words)
}
