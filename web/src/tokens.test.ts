import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** The colours of app.css, as the two themes make them, in linear order of its own definitions. */
const css = readFileSync(new URL('./app.css', import.meta.url), 'utf8')
type Rgb = readonly [number, number, number]

const hex = (text: string): Rgb => {
  const value = Number.parseInt(text.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
const mix = (a: Rgb, b: Rgb, share: number): Rgb =>
  [0, 1, 2].map((i) => a[i]! * share + b[i]! * (1 - share)) as unknown as Rgb

function theme(side: 1 | 2): Record<string, Rgb> {
  const plain = [...css.matchAll(/--color-(\w+): light-dark\((#\w{6}), (#\w{6})\)/g)]
  const colours: Record<string, Rgb> = Object.fromEntries(
    plain.map((found) => [found[1]!, hex(found[side + 1]!)]),
  )
  const mixed = /--color-(\w+): color-mix\(in srgb, var\(--color-(\w+)\) (\d+)%, var\(--color-(\w+)\)\)/g
  for (const [, name, a, share, b] of css.matchAll(mixed))
    colours[name!] = mix(colours[a!]!, colours[b!]!, Number(share) / 100)
  return colours
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as unknown as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

for (const [name, side] of [
  ['light', 1],
  ['dark', 2],
] as const) {
  const colours = theme(side)
  const on = (ink: string, ground: Rgb) => contrast(colours[ink]!, ground)
  const grounds = [colours['paper']!, colours['surface']!]
  const tones = ['brand', 'good', 'warn', 'bad', 'muted']

  describe(`contrast in the ${name} theme (WCAG 1.4.3, 1.4.11)`, () => {
    it('text reads at 4.5:1 on paper and on surface', () => {
      for (const ground of grounds)
        for (const ink of ['ink', ...tones]) expect(on(ink, ground), ink).toBeGreaterThanOrEqual(4.5)
    })

    it('paper reads at 4.5:1 on the grounds of buttons', () => {
      for (const ground of ['brand', 'strong', 'bad'])
        expect(on('paper', colours[ground]!), ground).toBeGreaterThanOrEqual(4.5)
    })

    it('edges of controls stand out at 3:1', () => {
      for (const ground of grounds) expect(on('edge', ground)).toBeGreaterThanOrEqual(3)
    })

    it('on a tinted ground, ink reads at 4.5:1 and the tone’s icon stands out at 3:1', () => {
      for (const tone of tones) {
        const ground = mix(colours[tone]!, colours['paper']!, 0.08)
        expect(on('ink', ground), tone).toBeGreaterThanOrEqual(4.5)
        expect(on(tone, ground), tone).toBeGreaterThanOrEqual(3)
        expect(on('muted', ground), tone).toBeGreaterThanOrEqual(4.5)
      }
    })
  })
}
