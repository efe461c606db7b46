import { describe, expect, it } from 'vitest'
import { reportAsFile } from './reportFile.ts'

const words = {
  language: 'fr',
  title: 'Rapport V-2026-000001',
  verdict: 'Votre matériel convient',
  explanation: '',
  facts: [{ name: 'Numéro', value: 'V-2026-000001' }],
  columns: { item: 'Mesure', value: 'Valeur', asked: 'Demandé', verdict: 'Résultat' },
  lines: [
    {
      name: 'Caméra',
      verdict: 'Conforme',
      readings: [
        {
          name: 'Caméra utilisée',
          value: '<img src=x onerror="alert(1)"> & cie',
          asked: '',
          verdict: 'Conforme',
        },
      ],
      remedies: ['Branchez la caméra.'],
    },
  ],
  help: '01 23 45 67 89',
  origin: 'https://examens.example.fr',
}

describe('[CHK-11] the report as a file', () => {
  it('[CHK-11] stands alone: no script, nothing fetched from anywhere', () => {
    const file = reportAsFile(words)
    expect(file).toMatch(/^<!doctype html>/)
    expect(file).not.toMatch(/<script|<link|<img|url\(|@import/)
    expect(file).toContain('Branchez la caméra.')
  })

  it('[CHK-11] a camera’s name is a name, whatever it holds', () => {
    const file = reportAsFile(words)
    expect(file).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; cie')
  })

  it('[CHK-11][FUN-08] holds the text for an IT department that its remedies speak of', () => {
    const letter = { title: 'Texte prêt à copier', text: '- UDP 7882 → <hôte>' }
    expect(reportAsFile({ ...words, letter })).toContain('<pre>- UDP 7882 → &lt;hôte&gt;</pre>')
    expect(reportAsFile(words)).not.toContain('<pre>')
  })
})
