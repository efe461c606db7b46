import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGift } from './gift.ts'
import { htmlToMarkdown } from './html.ts'
import { readJsonPaper } from './json.ts'
import { readMoodle, type XmlElement } from './moodle.ts'
import { assemble, bounded } from './reading.ts'
import { readTablePaper } from './table.ts'
import { ID, outcomes, paperOf } from './testReading.ts'

describe('[ADM-03] a table', () => {
  const table = (...rows: string[][]) =>
    readTablePaper(rows.map((cells, index) => ({ line: index + 1, cells })))
  const HEAD = ['Partie', 'Type', 'Énoncé', 'Points', 'Bonne réponse', 'Choix A', 'Choix B', 'Choix C']

  it('reads each kind of question', () => {
    const paper = paperOf(
      table(
        HEAD,
        ['Une', 'unique', 'Capitale ?', '1', 'b', 'Lyon', 'Paris', ''],
        ['Une', 'multiple', 'Pairs ?', '2', 'A, C', '2', '3', '4'],
        ['Deux', 'vrai-faux', 'La Terre tourne.', '', 'Vrai', '', '', ''],
        ['Deux', 'numérique', 'π ?', '1,5', '3,14 ± 0,01', '', '', ''],
        ['Deux', 'texte', 'Fleuve ?', '1', 'Rhône | le Rhône', '', '', ''],
      ),
    )
    expect(paper?.parts).toMatchObject([
      {
        title: 'Une',
        questions: [
          { type: 'single', key: 'c2', choices: [{ text: 'Lyon' }, { text: 'Paris' }] },
          { type: 'multiple', points: 2, key: ['c1', 'c3'] },
        ],
      },
      {
        title: 'Deux',
        questions: [
          { type: 'true-false', key: true, points: 1 },
          { type: 'numeric', key: 3.14, tolerance: 0.01, points: 1.5 },
          { type: 'short-text', key: ['Rhône', 'le Rhône'] },
        ],
      },
    ])
  })

  it('says line by line what is wrong', () => {
    expect(
      outcomes(
        table(
          HEAD,
          ['', 'unique', 'Capitale ?', '1', 'D', 'Lyon', 'Paris', ''],
          ['', 'rédaction', 'Dites.', '1', '', '', '', ''],
          ['', 'numérique', 'Combien ?', 'deux', 'x', '', '', ''],
          ['', 'unique', '![](/api/pictures/x)', '1', 'A', 'Lyon', 'Paris', ''],
        ),
      ),
    ).toEqual([
      [2, null, 'right-without-choice'],
      [3, null, 'type-unknown'],
      [4, null, 'right-unreadable points-unreadable'],
      [5, 'q01', 'image-without-alternative'],
    ])
    expect(table(['Nom'], ['x']).fileFaults.map(({ detail }) => detail)).toEqual(['type', 'text', 'right'])
  })
})

describe('[ADM-03] GIFT', () => {
  const SOURCE = `// a comment
$CATEGORY: $course$/top/Première partie

::Capitale:: Quelle est la capitale \\: la vraie ? {=Paris#bien ~Lyon ~Nice}

::Pairs::[markdown]Lesquels ? {~%50%2 ~%50%4 ~%-100%5}

La Terre tourne.{T}

Combien ?{#3.14:0.01}

Entre ? {#1..5}

Deux plus {=deux =2} font quatre.

Reliez. {=a -> 1 =b -> 2}

Rédigez. {}

Sans réponse
`
  it('a question right below its category has its own line', () => {
    expect(outcomes(readGift('// one\n$CATEGORY: top/A\n// two\nVrai ? {T}\n'))).toEqual([[3, 'q01', '']])
    expect(outcomes(readGift('$CATEGORY: top/A\nVrai ? {T}\n'))).toEqual([[2, 'q01', '']])
  })

  it('reads what Vigie can ask, and names the rest by its line', () => {
    const file = readGift(SOURCE)
    expect(outcomes(file)).toEqual([
      [4, 'q01', 'feedback-dropped'],
      [6, 'q02', 'weights-dropped'],
      [8, 'q03', ''],
      [10, 'q04', ''],
      [12, 'q05', ''],
      [14, 'q06', ''],
      [16, null, 'type-unsupported'],
      [18, null, 'type-unsupported'],
      [20, null, 'gift-no-answers'],
    ])
    expect(paperOf(file)?.parts).toMatchObject([
      {
        title: 'Première partie',
        questions: [
          { type: 'single', text: 'Quelle est la capitale : la vraie ?', key: 'c1' },
          { type: 'multiple', key: ['c1', 'c2'] },
          { type: 'true-false', key: true },
          { type: 'numeric', key: 3.14, tolerance: 0.01 },
          { type: 'numeric', key: 3, tolerance: 2 },
          { type: 'short-text', text: 'Deux plus ____ font quatre.', key: ['deux', '2'] },
        ],
      },
    ])
  })

  it('several right answers beside wrong ones are no single choice: left out, unless their shares say that all are wanted', () => {
    expect(outcomes(readGift('Une ? {=a =b ~c}\n\nToutes ? {=%50%a =%50%b ~c}\n'))).toEqual([
      [1, null, 'right-several'],
      [3, 'q01', 'weights-dropped'],
    ])
  })

  it('an escaped backslash stays one, before any letter: formulas are not cut by line breaks', () => {
    const file = readGift('Que vaut $\\\\nabla f \\\\neq 0$ ?\\nEt \\{ ? {T}\n')
    expect(paperOf(file)?.parts[0]?.questions[0]?.text).toBe('Que vaut $\\nabla f \\neq 0$ ?\nEt { ?')
  })

  it('any text at all gives a report', () => {
    const noise = fc.stringMatching(/^[=~#{}:\\%a\n> T\d$]*$/)
    fc.assert(fc.property(fc.oneof(fc.string(), noise), (text) => void assemble(readGift(text), ID)))
  })
})

describe('[ADM-03] Moodle XML', () => {
  const element = (
    name: string,
    inside: string | XmlElement[],
    attributes: Record<string, string> = {},
  ): XmlElement => ({
    name,
    attributes,
    children: typeof inside === 'string' ? [] : inside,
    text: typeof inside === 'string' ? inside : '',
  })
  const text = (words: string) => [element('text', words)]
  const answer = (words: string, fraction: string, more: XmlElement[] = []) =>
    element('answer', [...text(words), ...more], { fraction, format: 'html' })
  const question = (type: string, stem: XmlElement[], ...more: XmlElement[]) =>
    element(
      'question',
      [element('name', text('Nom')), element('questiontext', stem, { format: 'html' }), ...more],
      { type },
    )

  it('reads each kind of question, parts from categories, pictures from the file', () => {
    const file = readMoodle(
      element('quiz', [
        element('question', [element('category', text('$course$/top/Algèbre'))], { type: 'category' }),
        question(
          'multichoice',
          [
            ...text(
              '<p>Le <b>triangle</b> : <img src="@@PLUGINFILE@@/mon%20dessin.png" alt="Un triangle"></p>',
            ),
            element('file', 'iVBORw0=', { name: 'mon dessin.png', encoding: 'base64' }),
          ],
          element('single', 'true'),
          element('shuffleanswers', '0'),
          element('defaultgrade', '2.0000000'),
          answer('<p>droit</p>', '100'),
          answer('<p>rond &amp; plat</p>', '0'),
        ),
        question('truefalse', text('Vrai ?'), answer('true', '0'), answer('false', '100')),
        question('numerical', text('Combien ?'), answer('3.14', '100', [element('tolerance', '0.01')])),
        question(
          'shortanswer',
          text('Qui ?'),
          element('usecase', '1'),
          answer('Ada', '100'),
          answer('ada', '50'),
        ),
        question('essay', text('Dites.')),
      ]),
    )
    expect(outcomes(file).map(([, id, codes]) => [id, codes])).toEqual([
      ['q01', ''],
      ['q02', ''],
      ['q03', ''],
      ['q04', 'answers-dropped'],
      [null, 'type-unsupported'],
    ])
    expect(paperOf(file)?.parts).toMatchObject([
      {
        title: 'Algèbre',
        questions: [
          {
            type: 'single',
            text: 'Le **triangle** : ![Un triangle](picture:1-1)',
            points: 2,
            fixedOrder: true,
            key: 'c1',
            choices: [{ text: 'droit' }, { text: 'rond & plat' }],
          },
          { type: 'true-false', key: false },
          { type: 'numeric', key: 3.14, tolerance: 0.01 },
          { type: 'short-text', key: ['Ada'], exact: true },
        ],
      },
    ])
    expect(file.pictures).toEqual([{ name: '1-1', question: 1, base64: 'iVBORw0=' }])
  })

  it('what a question would lose on the way is said, and one that would be marked wrongly is left out', () => {
    const feedback = element('feedback', text('Bravo'))
    const units = (name: string) =>
      element('units', [element('unit', [element('multiplier', '1'), element('unit_name', name)])])
    const file = readMoodle(
      element('quiz', [
        question('multichoice', text('Une ?'), answer('a', '100'), answer('b', '100'), answer('c', '0')),
        question(
          'multichoice',
          text('Inégales ?'),
          element('single', 'false'),
          answer('a', '70'),
          answer('b', '30'),
        ),
        question(
          'multichoice',
          text('Un tiers chacune ?'),
          element('single', 'false'),
          ...['a', 'b', 'c'].map((one, index) => answer(one, index === 0 ? '33.33334' : '33.33333')),
        ),
        question('truefalse', text('Vrai ?'), answer('true', '100', [feedback]), answer('false', '0')),
        question('truefalse', text('Vrai ?'), answer('true', '100'), element('hint', text('Pensez-y.'))),
        question('numerical', text('Combien ?'), answer('3', '100'), units('m')),
        question('numerical', text('Combien ?'), answer('3', '100'), units('')),
        question(
          'truefalse',
          text('<img src="https://ailleurs.test/plan.png" alt="Un plan">'),
          answer('true', '100'),
        ),
        question(
          'truefalse',
          text('<img src="@@PLUGINFILE@@/perdu.png" alt="Un plan">'),
          answer('true', '100'),
        ),
      ]),
    )
    expect(outcomes(file).map(([, id, codes]) => [id, codes])).toEqual([
      [null, 'right-several'],
      ['q01', 'weights-dropped'],
      ['q02', ''],
      ['q03', 'feedback-dropped'],
      ['q04', 'feedback-dropped'],
      ['q05', 'units-dropped'],
      ['q06', ''],
      [null, 'picture-elsewhere'],
      [null, 'picture-elsewhere'],
    ])
    const typed = { type: 'true-false', right: true }
    const here = { ...typed, text: '![Un plan](/api/pictures/x) ![Un autre](data:image/png;base64,iVBORw0=)' }
    const away = { ...typed, text: 'Ceci : ![Un plan](https://ailleurs.test/plan.png)' }
    const paper = { vigie: 'paper', version: 1, parts: [{ questions: [here, away] }] }
    expect(outcomes(readJsonPaper(JSON.stringify(paper))).map(([, , codes]) => codes)).toEqual([
      '',
      'picture-elsewhere',
    ])
  })

  it('says what is no question bank', () => {
    expect(readMoodle(null).fileFaults).toMatchObject([{ code: 'xml-not-moodle' }])
    expect(readMoodle(element('html', '')).fileFaults).toMatchObject([{ code: 'xml-not-moodle' }])
  })
})

describe('[ADM-03.2] what is more than a paper holds', () => {
  const gift = (...questions: string[]) => outcomes(readGift(questions.join('\n\n')))
  it('is left out and named by its line', () => {
    const long = 'x'.repeat(20_001)
    const choices = Array.from({ length: 27 }, (_one, index) => `~${index}`).join(' ')
    const rights = Array.from({ length: 51 }, (_one, index) => `=${index}`).join(' ')
    expect(
      gift(
        `${long}{T}`,
        `Un ? {=a ~${long}}`,
        `Deux ? {=a ${choices}}`,
        `Trois ? {${rights}}`,
        'Quatre ? {#1e999}',
      ),
    ).toEqual([
      [1, null, 'text-too-long'],
      [3, null, 'text-too-long'],
      [5, null, 'choices-too-many'],
      [7, null, 'right-too-long'],
      [9, null, 'right-unreadable'],
    ])
    const points = {
      vigie: 'paper',
      version: 1,
      parts: [{ questions: [{ type: 'true-false', right: true, points: 1001 }] }],
    }
    expect(outcomes(readJsonPaper(JSON.stringify(points)))).toEqual([[1, null, 'points-unreadable']])
  })

  it('counts questions of a part, parts of a paper, and questions of a file', () => {
    const full = gift(...Array.from({ length: 501 }, () => 'Vrai ? {T}'))
    expect(full.filter(([, question]) => question === null)).toEqual([[1_001, null, 'part-full']])
    const parts = gift(...Array.from({ length: 51 }, (_one, index) => `$CATEGORY: top/${index}\nVrai ? {T}`))
    expect(parts.filter(([, question]) => question === null)).toEqual([[152, null, 'parts-too-many']])
    const many = readGift(Array.from({ length: 2_001 }, () => 'Vrai ? {T}').join('\n\n'))
    expect(bounded(many)).toMatchObject({
      items: [],
      fileFaults: [{ code: 'too-many-questions', detail: '2000' }],
    })
  })
})

describe('[ADM-03] HTML of other programs', () => {
  it.each([
    ['<p>Un</p><p>Deux</p>', 'Un\n\nDeux'],
    ['a<br>b', 'a\nb'],
    ['<ul><li>un</li><li>deux</li></ul>', '- un\n- deux'],
    ['<script>alert(1)</script>Bon', 'Bon'],
    ['2 * 3 &lt; 7 &eacute;', '2 \\* 3 \\< 7 é'],
    ['Soit \\(x_1^2\\).', 'Soit $x_1^2$.'],
    ['<a href="javascript:alert(1)">clic</a>', 'clic'],
    ['<img src=x onerror=alert(1)>', '![](x)'],
    ['10<sup>3</sup> m, SO<sub>4</sub><sup>2<b>-</b></sup>', '10³ m, SO₄²⁻'],
    ['u<sub>k+1</sub>, le 1<sup>er</sup>', 'u$_{k+1}$, le 1$^{\\text{er}}$'],
    ['x<sup>$&amp;</sup>', 'x^($&)'],
    ['<ol><li>un</li><li>deux</li></ol>', '1. un\n2. deux'],
    [
      '<p>Soit</p><table><tbody><tr><th>x</th><th>a|b</th></tr><tr><td>1</td><td><b>2</b></td></tr></tbody></table>?',
      'Soit\n\n| x | a\\|b |\n| --- | --- |\n| 1 | **2** |\n\n?',
    ],
    ['<table><tr><td>Seul</td></tr></table>', 'Seul'],
    ['Que dit <code>a_b &lt; *p</code> ?', 'Que dit `a_b < *p` ?'],
    ['<code>`ls`</code>', '`` `ls` ``'],
    ['Lequel n’est <strong>PAS </strong>vrai ? <b></b><em>&nbsp;</em>', 'Lequel n’est **PAS** vrai ?'],
    ['<p>- 3</p><p># 1</p><p>2. Vu</p><p>~~non~~</p>', '\\- 3\n\n\\# 1\n\n2\\. Vu\n\n\\~\\~non\\~\\~'],
    ['<ul><li>- 3</li></ul>', '- \\- 3'],
    [
      'Que dit<pre>for i in a:\n    print(i &lt; 2)</pre>?',
      'Que dit\n\n```\nfor i in a:\n    print(i < 2)\n```\n\n?',
    ],
  ])('%s', (html, markdown) => expect(htmlToMarkdown(html)).toBe(markdown))

  it('any text at all gives a text', () => {
    fc.assert(fc.property(fc.string(), (html) => void htmlToMarkdown(html)))
  })
})
