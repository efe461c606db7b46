import type { Surroundings } from '../devices.ts'

type BatteryManager = { readonly charging: boolean; readonly level: number }
/** Chromium's own, which TypeScript does not describe. */
type TellingNavigator = Navigator & {
  readonly getBattery?: () => Promise<BatteryManager>
  readonly connection?: { readonly type?: string }
}

/** Battery, graphics and network, as far as the browser tells. */
export async function surroundings(): Promise<Surroundings> {
  const { connection }: TellingNavigator = navigator
  return { battery: await battery(), renderer: renderer(), network: connection?.type ?? null }
}

async function battery(): Promise<Surroundings['battery']> {
  const told: TellingNavigator = navigator
  const found = await told.getBattery?.().catch(() => null)
  return found ? { charging: found.charging, share: found.level } : null
}

function renderer(): string | null {
  const context = new OffscreenCanvas(1, 1).getContext('webgl')
  if (context === null) return null
  const named = context.getExtension('WEBGL_debug_renderer_info')
  const name: unknown = context.getParameter(named?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER)
  // Browsers keep few of these: what was only asked its name gives its place back.
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return typeof name === 'string' ? name : null
}

type MeasuredMemory = Performance & { readonly memory?: { readonly jsHeapSizeLimit: number } }

/**
 * Private windows of Chromium keep everything in memory and grant little room: less than two heaps. Nobody tells it
 * outright, so this is a hint for a warning, and null where the browser does not say how large its heap may be.
 */
export async function privateWindow(): Promise<boolean | null> {
  const { memory }: MeasuredMemory = performance
  const estimate = await navigator.storage?.estimate().catch(() => null)
  if (memory === undefined || estimate?.quota === undefined) return null
  return estimate.quota < memory.jsHeapSizeLimit * 2
}
