import type { PlatformFacts } from '../devices.ts'

type HighEntropy = {
  readonly platform: string
  readonly platformVersion?: string
  readonly mobile: boolean
  readonly brands: readonly { readonly brand: string; readonly version: string }[]
  readonly fullVersionList?: readonly { readonly brand: string; readonly version: string }[]
}

/** User-Agent Client Hints, which TypeScript does not describe: Chromium only, and only in a secure context. */
type HintedNavigator = Navigator & {
  readonly userAgentData?: {
    getHighEntropyValues: (names: readonly string[]) => Promise<HighEntropy>
  }
}

/** Everything the browser says of itself and of the system; where it refuses its hints, the user agent string is left. */
export async function platformFacts(): Promise<PlatformFacts> {
  const { userAgent, maxTouchPoints, userAgentData }: HintedNavigator = navigator
  const told = await userAgentData
    ?.getHighEntropyValues(['platformVersion', 'fullVersionList'])
    .catch(() => undefined)
  const hints = told && {
    platform: told.platform,
    platformVersion: told.platformVersion ?? '',
    mobile: told.mobile,
    brands: told.fullVersionList ?? told.brands,
  }
  return { userAgent, maxTouchPoints, hints: hints ?? null }
}
