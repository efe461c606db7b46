import { describe, expect, it } from 'vitest'
import { parseMarkdown, picturesIn, plainText } from './markdown.ts'

const all = (source: string) => JSON.stringify(parseMarkdown(source))

describe('[ATT-03] the Markdown of a question', () => {
  it('keeps emphasis, code, lists and tables', () => {
    expect(parseMarkdown('Que vaut `a<b>` en **gras** ?')).toEqual([
      {
        kind: 'paragraph',
        inside: [
          { kind: 'text', text: 'Que vaut ' },
          { kind: 'code', text: 'a<b>' },
          { kind: 'text', text: ' en ' },
          { kind: 'strong', inside: [{ kind: 'text', text: 'gras' }] },
          { kind: 'text', text: ' ?' },
        ],
      },
    ])
    const plain = (text: string) => [{ kind: 'plain', inside: [{ kind: 'text', text }] }]
    expect(parseMarkdown('3. un\n4. deux')).toEqual([
      { kind: 'list', start: 3, items: [plain('un'), plain('deux')] },
    ])
    expect(parseMarkdown('- un')).toMatchObject([{ kind: 'list', start: null }])
    expect(parseMarkdown('| a | b |\n|---|---|\n| 1 | 2 |')).toMatchObject([
      { kind: 'table', head: [[{ text: 'a' }], [{ text: 'b' }]], rows: [[[{ text: '1' }], [{ text: '2' }]]] },
    ])
    expect(parseMarkdown('```\nx < 1\n```')).toEqual([{ kind: 'code', text: 'x < 1' }])
  })

  it('breaks a line where the author did', () => {
    expect(parseMarkdown('un\ndeux')).toMatchObject([
      { inside: [{ text: 'un' }, { kind: 'break' }, { text: 'deux' }] },
    ])
  })

  it('shows HTML as the text it is and keeps no address of a link', () => {
    expect(all('<script>alert(1)</script>')).toContain('<script>alert(1)</script>')
    expect(parseMarkdown('a <b>x</b>')).toMatchObject([
      { inside: [{ text: 'a ' }, { text: '<b>' }, { text: 'x' }, { text: '</b>' }] },
    ])
    expect(all('[ici](javascript:alert(1)) et https://ailleurs.example')).not.toContain('javascript:')
    expect(plainText('[ici](https://ailleurs.example)')).toBe('ici')
  })

  it('draws pictures of the paper only, with their alternative text', () => {
    expect(parseMarkdown('![Un plan](/api/papers/1/plan.png)')).toMatchObject([
      { inside: [{ kind: 'image', src: '/api/papers/1/plan.png', alt: 'Un plan' }] },
    ])
    for (const src of [
      'https://ailleurs.example/x.png',
      '//ailleurs.example/x.png',
      'data:image/svg+xml;base64,AAAA',
    ]) {
      expect(parseMarkdown(`![Un plan](${src})`)).toMatchObject([
        { inside: [{ kind: 'text', text: 'Un plan' }] },
      ])
    }
  })

  it('[ROOM-04] tells the pictures it would fetch, wherever they stand', () => {
    const source = [
      'Selon ![un](/api/pictures/1) et **![deux](/api/pictures/2)** :',
      '- ![trois](/api/pictures/3)',
      '> ![quatre](/api/pictures/4)',
      '| a | ![cinq](/api/pictures/5) |\n|---|---|\n| ![six](/api/pictures/6) | b |',
      '![là](data:image/png;base64,AAAA) ![ailleurs](https://ailleurs.example/x.png) `![non](/api/pictures/7)`',
    ].join('\n\n')
    expect(picturesIn(source)).toEqual([1, 2, 3, 4, 5, 6].map((number) => `/api/pictures/${number}`))
  })

  it('gives the words alone for a name that is read out', () => {
    expect(plainText('Que vaut **x** ?\n\n`f(x)` vaut 2')).toBe('Que vaut x ? f(x) vaut 2')
  })

  it('reads formulas between dollars, and leaves sums of money alone', () => {
    expect(parseMarkdown('Avec $L = \\lambda W$, puis $$x^2$$')).toMatchObject([
      {
        inside: [
          { text: 'Avec ' },
          { kind: 'formula', tex: 'L = \\lambda W', display: false },
          { text: ', puis ' },
          { kind: 'formula', tex: 'x^2', display: true },
        ],
      },
    ])
    for (const money of ['De 5 $ à 10 $', 'Entre $5 et $10', 'Un \\$x\\$ tapé', '`$x$`'])
      expect(all(money)).not.toContain('formula')
    expect(plainText('Que vaut $x^2$ ?')).toBe('Que vaut x^2 ?')
  })
})
