/**
 * What a page stands on. `video`: the console and the review, dark unless the person chose otherwise, 15 px.
 * `page`: everything else, as the system is, 17 px. Each ground keeps its own choice of theme.
 */
export type Ground = 'page' | 'video'

export const themes = ['light', 'dark', 'system'] as const
export type Theme = (typeof themes)[number]

export const languages = ['fr', 'en'] as const
export type Language = (typeof languages)[number]

/** The ground of an address. `static/before-paint.js` holds the same rule for the first paint. */
export function groundOf(pathname: string): Ground {
  return /^\/(surveillance|relecture)(\/|$)/.test(pathname) ? 'video' : 'page'
}

/** The theme of a ground from what was stored for it: an unknown or missing value gives the ground's own. */
export function themeFor(ground: Ground, stored: string | null): Theme {
  return themes.find((theme) => theme === stored) ?? (ground === 'video' ? 'dark' : 'system')
}

/** French unless English was chosen. */
export function languageFor(stored: string | null): Language {
  return languages.find((language) => language === stored) ?? 'fr'
}

export const storedUnder = {
  theme: { page: 'vigie.theme.page', video: 'vigie.theme.video' },
  language: 'vigie.language',
} as const
