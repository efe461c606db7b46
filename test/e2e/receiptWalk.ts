import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'

/** A receipt as candidates and whoever doubts them meet it [EVD-05]. */

/** From the end of the exam to the receipt's page; gives the file that is kept. */
export async function keepReceipt(page: Page): Promise<Buffer> {
  await page.getByRole('link', { name: 'Reçu signé de ce passage' }).click()
  await expect(page.getByRole('heading', { name: /^Reçu n° / })).toBeVisible()
  await expectAccessibleInBothThemes(page, 'receipt')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Télécharger le reçu' }).click()
  return readFile(await (await download).path())
}

/** Anybody's page: the file as it came holds, in each of its parts; the same with one figure changed does not. */
export async function verifyReceipt(page: Page, file: Buffer): Promise<void> {
  await page.goto('/verification-recu')
  const choose = (content: Buffer) =>
    page.getByLabel('Fichier du reçu').setInputFiles({
      name: 'recu.json',
      mimeType: 'application/json',
      buffer: content,
    })
  await choose(file)
  for (const words of [
    'Signature valide',
    'Le journal joint est intact',
    'Les enregistrements des réponses se suivent',
    'Le journal du serveur est toujours le même',
  ])
    await expect(page.getByText(words)).toBeVisible()
  await expectAccessibleInBothThemes(page, 'receipt-check')
  const { receipt, ...record } = JSON.parse(file.toString()) as { receipt: string }
  const [head, body, signature] = receipt.split('.') as [string, string, string]
  const words = Buffer.from(body, 'base64url')
    .toString()
    .replace(/\d/, (figure) => String((Number(figure) + 1) % 10))
  const changed = [head, Buffer.from(words).toString('base64url'), signature].join('.')
  await choose(Buffer.from(JSON.stringify({ receipt: changed, ...record })))
  await expect(page.getByText('La signature n’est pas la nôtre')).toBeVisible()
  await expect(page.getByText('Signature valide')).toBeHidden()
}
