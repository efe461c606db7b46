import { systemName } from '@vigie/checks/probes/platform'
import type { SystemFamily } from '@vigie/checks/verdict/measurements'
import type { BrowserRule, SystemRule } from '@vigie/checks/verdict/policy'
import { m } from '#lib/paraglide/messages.js'
import { browserWords } from './words.ts'

const either = (names: readonly string[], language: string): string =>
  new Intl.ListFormat(language, { type: 'disjunction' }).format(names)

/** Phones and tablets are refused whatever a policy's table says. */
const MOBILE: readonly string[] = ['android', 'ios'] satisfies SystemFamily[]

/** « Windows 10 ou plus récent, macOS 12 ou plus récent ou ChromeOS »: a policy's table, for who has to change [CHK-03]. */
export const admittedSystems = (systems: readonly SystemRule[], language: string): string =>
  either(
    systems
      .filter(({ family }) => !MOBILE.includes(family))
      .map(({ family, minimumVersion }) => {
        const name = systemName(family, m.checks_policy_other(), minimumVersion)
        return minimumVersion === null ? name : m.checks_system_from({ name })
      }),
    language,
  )

/** « Google Chrome ou Microsoft Edge ». */
export const admittedBrowsers = (browsers: readonly BrowserRule[], language: string): string =>
  either(
    browsers.map(({ family }) => browserWords[family]()),
    language,
  )
