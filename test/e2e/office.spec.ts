import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { expect, test, type Seat } from './stack.fixture.ts'

async function signIn({ page }: Seat, email: string, password: string): Promise<void> {
  await page.goto('/connexion')
  await page.getByLabel('Adresse mail').fill(email)
  await page.getByLabel('Mot de passe', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await expect(page).not.toHaveURL(/connexion/)
}

test('[ADM-01, ADM-02] a registrar creates a session and imports a roster; a candidate follows the mailed link and sees the appointment', async ({
  launchBrowser,
  stack,
}) => {
  const office = await launchBrowser()
  const { page } = office
  const administrator = stack.accounts.find(({ role }) => role === 'administrator')!
  await signIn(office, administrator.email, administrator.password)
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Gestion')
  await expectAccessibleInBothThemes(page, 'home')

  await page.getByRole('link', { name: 'Créer une session' }).click()
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(page.getByRole('alert')).toContainText('Nom de la session')
  await expectAccessibleInBothThemes(page, 'session-new')
  const year = new Date().getFullYear() + 2
  await page.getByLabel('Nom de la session').fill('Session de janvier')
  await page.getByLabel('Sujet').selectOption({ index: 1 })
  await page.getByLabel('Ouverture').fill(`${year}-01-15T08:00`)
  await page.getByLabel('Fermeture').fill(`${year}-01-15T18:00`)
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(heading).toHaveText('Session de janvier')

  const choose = async (lines: readonly string[]) =>
    page.getByLabel('Fichier CSV').setInputFiles({
      name: 'liste.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(lines.join('\r\n'), 'latin1'),
    })
  const head = 'Nom;Adresse mail;Rendez-vous;Aménagement'
  const good = `Zoé Durand;zoe.durand@demo.test;15/01/${year} 10:00;tiers-temps`
  await page.getByRole('button', { name: 'Importer une liste' }).click()
  await choose([head, good, `Noé;noe-sans-adresse;15/01/${year} 23:00;`])
  await expect(page.getByText('1 ligne est à corriger')).toBeVisible()
  await expectAccessibleInBothThemes(page, 'roster-report')
  await choose([head, good])
  await page.getByRole('button', { name: 'Inscrire 1 candidat' }).click()
  await expect(page.getByRole('cell', { name: 'Zoé Durand' }).first()).toBeVisible()
  await expectAccessibleInBothThemes(page, 'roster')
  await page.getByRole('tab', { name: /Équipe/ }).click()
  await expect(page.getByRole('cell', { name: 'Sacha Laurent' }).first()).toBeVisible()
  await expectAccessibleInBothThemes(page, 'team')
  await page.getByRole('link', { name: 'Tableau de la session' }).click()
  await expect(page.getByText('Personne n’attend.')).toBeVisible()
  await expectAccessibleInBothThemes(page, 'board')

  for (const [address, name] of [
    ['/gestion/sessions', 'sessions'],
    ['/gestion/certifications', 'certifications'],
    ['/gestion/certifications/nouvelle', 'certification-new'],
    ['/gestion/sujets', 'papers'],
    ['/gestion/sujets/importer', 'paper-import'],
    ['/gestion/personnes', 'people'],
    ['/compte', 'account'],
  ] as const) {
    await page.goto(address)
    await expect(heading).toBeVisible()
    await expect(page.getByText('Chargement…')).toHaveCount(0)
    await expectAccessibleInBothThemes(page, name)
  }
  await page.goto('/gestion/sujets')
  await page.getByRole('link', { name: 'Sujet de démonstration' }).click()
  await expect(page.getByLabel('Titre du sujet')).toBeVisible()
  await expectAccessibleInBothThemes(page, 'paper')
  await page.getByRole('tab', { name: 'Aperçu' }).click()
  await expect(page.getByRole('heading', { name: /Question 1 sur/ })).toBeVisible()
  await expectAccessibleInBothThemes(page, 'paper-preview')
  await page.getByRole('tab', { name: 'Neutraliser' }).click()
  await expectAccessibleInBothThemes(page, 'paper-neutralise')

  const candidate = await launchBrowser()
  const linkTo = async (recipient: string): Promise<string | null> => {
    const { letters } = (await (await candidate.page.request.get('/api/mailbox')).json()) as {
      letters: { recipient: string; body: string }[]
    }
    const letter = letters.find((one) => one.recipient === recipient)
    return /\/mot-de-passe\/[\w-]+/.exec(letter?.body ?? '')?.[0] ?? null
  }
  // The letter is a job of its own: it leaves a moment after the roster is written.
  await expect.poll(() => linkTo('zoe.durand@demo.test')).not.toBeNull()
  const link = (await linkTo('zoe.durand@demo.test'))!
  await candidate.page.goto(link)
  await expectAccessibleInBothThemes(candidate.page, 'choose-password')
  await candidate.page.getByLabel('Nouveau mot de passe').fill('une phrase à retenir')
  await candidate.page.getByLabel('Le même, encore une fois').fill('une phrase à retenir')
  await candidate.page.getByRole('button', { name: 'Enregistrer le mot de passe' }).click()
  await candidate.page.getByRole('link', { name: 'Se connecter' }).last().click()
  await signIn(candidate, 'zoe.durand@demo.test', 'une phrase à retenir')
  await expect(candidate.page.getByText('Session de janvier')).toBeVisible()
  await expect(candidate.page.getByText(`15 janvier ${year}`).first()).toBeVisible()
  await candidate.page.goto('/mot-de-passe')
  await expectAccessibleInBothThemes(candidate.page, 'forgot')
})
