import { expectAccessible } from '../people/accessible.ts'
import { expect, test } from './stack.fixture.ts'

for (const colourScheme of ['light', 'dark'] as const) {
  test(`every widget in every state is accessible in the ${colourScheme} theme`, async ({
    launchBrowser,
  }) => {
    const { page } = await launchBrowser({ colourScheme })
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

    await page.goto('/')
    await expectAccessible(page)
    await press('Thème')
    await expect(page.getByRole('button', { name: 'Sombre' })).toBeVisible()
    await expectAccessible(page)

    await page.goto('/connexion')
    await press('Se connecter')
    await expect(page.getByRole('alert')).toBeFocused()
    await expectAccessible(page)

    await page.goto('/style')
    await expectAccessible(page)
    await press('Montrer le résumé des erreurs')
    await press('Ouvrir la messagerie')
    await press('Message bref')
    await press("Message d'échec")
    await expectAccessible(page)
    await press('Ouvrir une fenêtre')
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectAccessible(page)
  })
}

test('widgets work by keyboard alone, and focus comes back', async ({ launchBrowser }) => {
  const { page } = await launchBrowser()
  await page.goto('/style')

  const opener = page.getByRole('button', { name: 'Ouvrir une fenêtre', exact: true })
  await opener.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: "Terminer l'examen" })
  await expect(dialog).toBeVisible()
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab')
    // Between the last and the first control the browser's own have their turn; the page under the window never has.
    const inside = (element: Element) =>
      element.contains(document.activeElement) || document.activeElement === document.body
    expect(await dialog.evaluate(inside)).toBe(true)
  }
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(opener).toBeFocused()

  const chat = page.getByRole('button', { name: 'Ouvrir la messagerie' })
  await chat.focus()
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('complementary', { name: 'Messages' })
  await expect(drawer).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(chat).toBeFocused()

  await page.getByRole('tab', { name: 'Contrôles' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('tab', { name: 'Messages' })).toHaveAttribute('aria-selected', 'true')

  const first = page.getByRole('button', { name: /Identité conforme/ })
  await first.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('button', { name: /Tour de la pièce/ })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('button', { name: /Bonjour/ })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('slider', { name: 'Position de lecture' })).toHaveAttribute(
    'aria-valuetext',
    '16:04:00',
  )
})
