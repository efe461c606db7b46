const NO_BREAK = '\u00a0'

/**
 * A message as it is printed: the curved apostrophe, and in French an unbreakable space before « : ; ? ! % » » and
 * after « « », so that no line begins with a mark. Text already so is returned as it is.
 */
export function typographic(text: string, language: string): string {
  const apostrophes = text.replace(/(\p{L})'(?=\p{L}|\{)/gu, '$1’')
  if (language !== 'fr') return apostrophes
  return apostrophes.replace(/[ \u202f](?=[:;?!»%])/g, NO_BREAK).replace(/«[ \u202f]/g, `«${NO_BREAK}`)
}
