/** What a synthetic camera shows of one candidate. */
export interface Sitter {
  /** One to three letters or digits, drawn large in a corner. */
  readonly label: string
  /** The wall behind and the patch in the corner: `#rrggbb`. */
  readonly colour: string
}

/**
 * Where tests look at a picture of any size: the centre of the patch in the sitter's colour, and the row of
 * squares that count the frames in binary, lowest bit first, white for one and black for zero. Both as shares of
 * the width and height.
 */
export const marks = {
  patch: { x: 0.06, y: 0.08 },
  counter: { y: 0.96, bits: [0.05, 0.15, 0.25, 0.35, 0.45, 0.55] },
} as const

/** Draws frame `frame` of `frames` as an SVG of 640×480 units: a drawn face, a label, the marks, a moving bar. */
export function portrait(sitter: Sitter, frame: number, frames: number): string {
  const turn = (2 * Math.PI * frame) / frames
  const [sway, nod] = [Math.sin(turn) * 6, Math.cos(turn) * 3]
  const blink = frame % 12 === 11 ? 0.15 : 1
  const bits = marks.counter.bits.map((x, bit) => {
    const fill = (frame >> bit) & 1 ? '#ffffff' : '#000000'
    return `<rect x="${x * 640 - 28}" y="442" width="56" height="38" fill="${fill}"/>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480">
<rect width="640" height="480" fill="#e9e4da"/>
<rect width="640" height="480" fill="${sitter.colour}" opacity="0.35"/>
<g transform="translate(${320 + sway} ${226 + nod})">
<path d="M-190 260 C-180 150 -90 138 0 138 C90 138 180 150 190 260 Z" fill="#34425e"/>
<path d="M-42 96 L-46 156 Q0 186 46 156 L42 96 Z" fill="#d3a07f"/>
<ellipse cx="0" cy="-14" rx="106" ry="132" fill="#4b3527"/>
<ellipse cx="-94" cy="14" rx="16" ry="26" fill="#d9a684"/><ellipse cx="94" cy="14" rx="16" ry="26" fill="#d9a684"/>
<path d="M-92 -20 Q-92 -108 0 -108 Q92 -108 92 -20 Q92 64 52 104 Q0 142 -52 104 Q-92 64 -92 -20 Z" fill="#e8b896"/>
<path d="M-92 -20 Q-86 -100 6 -96 Q70 -94 92 -20 Q96 -124 0 -130 Q-96 -124 -92 -20 Z" fill="#4b3527"/>
<path d="M-62 -30 Q-38 -44 -16 -32 M16 -32 Q38 -44 62 -30" stroke="#3a281d" stroke-width="8" fill="none" stroke-linecap="round"/>
<g transform="translate(0 -4) scale(1 ${blink})">
<ellipse cx="-38" cy="0" rx="21" ry="12" fill="#ffffff"/><ellipse cx="38" cy="0" rx="21" ry="12" fill="#ffffff"/>
<circle cx="-38" cy="0" r="10" fill="#3b5b6d"/><circle cx="38" cy="0" r="10" fill="#3b5b6d"/>
<circle cx="-38" cy="0" r="5" fill="#10181d"/><circle cx="38" cy="0" r="5" fill="#10181d"/>
</g>
<path d="M-4 6 Q-14 40 -16 46 Q0 56 16 46" stroke="#b98263" stroke-width="6" fill="none" stroke-linecap="round"/>
<path d="M-36 78 Q0 70 36 78 Q0 ${98 + nod} -36 78 Z" fill="#b4544f"/>
</g>
<rect x="10" y="10" width="56" height="56" fill="${sitter.colour}"/>
${lettering(sitter.label, 630, 14, 10)}
<rect x="0" y="434" width="640" height="46" fill="#808080"/>
${bits.join('\n')}
<rect x="${400 + (frame / frames) * 200}" y="442" width="40" height="38" fill="${sitter.colour}"/>
</svg>`
}

/** A lens cap: what a covered camera delivers. */
export const darkness =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480"><rect width="640" height="480"/></svg>'

/** Fifteen dots per sign, rows of three from the top: drawn by hand, for no machine's fonts are alike. */
// prettier-ignore
const signs: Readonly<Record<string, string>> = {
  A: '010101111101101', B: '110101110101110', C: '011100100100011', D: '110101101101110', E: '111100110100111',
  F: '111100110100100', G: '011100101101011', H: '101101111101101', I: '111010010010111', J: '001001001101010',
  K: '101101110101101', L: '100100100100111', M: '101111111101101', N: '110101101101101', O: '010101101101010',
  P: '110101110100100', Q: '010101101110011', R: '110101110101101', S: '011100010001110', T: '111010010010010',
  U: '101101101101111', V: '101101101101010', W: '101101111111101', X: '101101010101101', Y: '101101010010010',
  Z: '111001010100111', 0: '111101101101111', 1: '010110010010111', 2: '110001010100111', 3: '110001010001110',
  4: '101101111001001', 5: '111100110001110', 6: '011100111101111', 7: '111001010010010', 8: '111101111101111',
  9: '111101111001110',
}

function lettering(text: string, right: number, top: number, dot: number): string {
  const left = right - text.length * 4 * dot
  let drawn = ''
  for (let place = 0; place < text.length; place++) {
    const dots = signs[text.charAt(place).toUpperCase()] ?? ''
    for (let index = 0; index < dots.length; index++) {
      if (dots.charAt(index) === '0') continue
      const [x, y] = [left + (place * 4 + (index % 3)) * dot, top + Math.floor(index / 3) * dot]
      drawn += `<rect x="${x}" y="${y}" width="${dot}" height="${dot}" fill="#14213d"/>`
    }
  }
  return drawn
}
