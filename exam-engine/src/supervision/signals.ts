/** Signals are advice, never verdicts; each is switched by policy [SUP-07]. */
export const SIGNALS = [
  'page-hidden',
  'window-left',
  'second-screen',
  'copy',
  'paste',
  'camera-lost',
  'microphone-lost',
  'screen-lost',
  'virtual-camera',
  'lease-changed',
] as const
export type Signal = (typeof SIGNALS)[number]
