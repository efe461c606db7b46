import { gatherCrowd } from '../load/crowd.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { openEntered } from '../people/enteredPage.ts'
import { expect, test, type Seat } from './stack.fixture.ts'

async function signIn({ page }: Seat, email: string, password: string): Promise<void> {
  await page.goto('/connexion')
  await page.getByLabel('Adresse mail').fill(email)
  await page.getByLabel('Mot de passe', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await expect(page).not.toHaveURL(/connexion/)
}

test('[ADM-01, ADM-02, ADM-03] a registrar creates a session and imports a roster; a paper is written; a candidate follows the mailed link and sees the appointment', async ({
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
  await page
    .getByLabel('Certification')
    .selectOption({ label: 'Introduction à la cartographie des processus métiers' })
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
  await test.step('a paper is copied, written one question at a time, previewed as it stands, and not lost', async () => {
    await page.goto('/gestion/sujets')
    await page.getByRole('link', { name: 'Sujet de démonstration' }).click()
    await page.getByRole('button', { name: 'Copier' }).click()
    await expect(heading).toContainText('(copie)')
    const pane = page.getByRole('region', { name: /Question|Règles|Partie/ })
    const outline = page.getByRole('navigation', { name: 'Plan du sujet' })
    await expect(pane.getByRole('heading', { name: 'Question 1 sur 30' })).toBeVisible()
    await expectAccessibleInBothThemes(page, 'paper')
    await pane.getByRole('button', { name: 'Dupliquer la question 1' }).click()
    await expect(pane.getByRole('heading', { name: 'Question 2 sur 31' })).toBeVisible()
    await pane.getByRole('button', { name: 'Monter la question 2' }).click()
    await expect(pane.getByRole('heading', { name: 'Question 1 sur 31' })).toBeVisible()
    await outline.getByRole('button', { name: 'Ajouter une question' }).last().click()
    await expect(pane.getByText('Le texte manque.')).toHaveCount(0)
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click()
    await expect(page.getByText('Tout est enregistré')).toBeVisible()
    await expect(pane.getByText('Le texte manque.').first()).toBeVisible()
    await expectAccessibleInBothThemes(page, 'paper-faults')
    await pane.getByLabel('Points').fill('beaucoup')
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click()
    await expect(page.getByRole('alert')).toContainText('un nombre ne se lit pas')
    await pane.getByRole('button', { name: /Supprimer la question/ }).click()
    await expect(page.getByText('La question est supprimée.')).toBeVisible()
    await outline.getByRole('button', { name: 'Règles du sujet' }).click()
    await page.getByLabel('Titre du sujet').fill('Sujet de janvier')
    await expectAccessibleInBothThemes(page, 'paper-rules')
    await page.getByRole('tab', { name: 'Aperçu' }).click()
    await expect(page.getByRole('heading', { name: 'Question 1 sur 31' })).toBeVisible()
    await expectAccessibleInBothThemes(page, 'paper-preview')
    await page.getByRole('link', { name: 'Sessions', exact: true }).click()
    await expectAccessibleInBothThemes(page, 'paper-leave')
    await page.getByRole('button', { name: 'Enregistrer et quitter' }).click()
    await expect(page).toHaveURL(/\/gestion\/sessions$/)
    await expect(heading).toHaveText('Sessions d’examen')
    await page.goto('/gestion/sujets')
    await page.getByRole('link', { name: 'Sujet de janvier' }).click()
    await page.getByRole('tab', { name: 'Neutraliser' }).click()
    await expect(page.getByRole('button', { name: /^Neutraliser/ })).toHaveCount(31)
    await expectAccessibleInBothThemes(page, 'paper-neutralise')
  })

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

test('[ATT-09, ADM-04, ADM-05] results are published after one look at what is left; a neutralised question changes them, and the candidate reads both', async ({
  launchBrowser,
  stack,
}) => {
  // Sat and timed out a moment ago, with nobody connected; the grace for late answers is over.
  const { members, session } = await gatherCrowd(stack.databaseUrl, {
    size: 2,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
    endsInSeconds: -180,
  })
  await gatherCrowd(stack.databaseUrl, { size: 1, status: 'waiting', proctorEmail: 'surveillant@demo.test' })
  const office = await launchBrowser()
  const { page } = office
  const registrar = stack.accounts.find(({ role }) => role === 'registrar')!
  await signIn(office, registrar.email, registrar.password)

  await page.goto(`/gestion/sessions/${session}/tableau`)
  await expect(page.getByText('Le premier de la file attend depuis')).toBeVisible()
  await page.getByLabel('Message', { exact: true }).fill('L’alarme est levée, reprenez.')
  await page.getByRole('button', { name: 'Afficher à tous' }).click()
  await expect(page.getByRole('button', { name: 'Retirer' })).toBeVisible()
  await expectAccessibleInBothThemes(page, 'board-banner')

  const { page: candidate } = await launchBrowser()
  await openEntered(candidate, members[0]!, 'profile-load')
  const read = async () => {
    await page.goto(`/gestion/sessions/${session}`)
    await page.getByRole('tab', { name: 'Résultats' }).click()
    await expect(page.getByLabel('Afficher')).toBeVisible()
  }
  // Marking is a job: it is there a moment after the attempts are sealed.
  await expect(async () => {
    await read()
    await expect(page.getByRole('button', { name: 'Publier 2 résultats' })).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  await expectAccessibleInBothThemes(page, 'results')
  await page.getByRole('button', { name: 'Publier 2 résultats' }).click()
  const asked = page.getByRole('dialog')
  await expect(asked).toContainText('Pas encore terminé')
  await expectAccessibleInBothThemes(page, 'results-publish')
  await asked.getByRole('button', { name: 'Publier 2 résultats' }).click()
  await expect(page.getByText('Publié', { exact: true })).toHaveCount(2)
  await expect(candidate.getByText(/^0 points? sur 30/)).toBeVisible()

  await page.goto('/gestion/sujets')
  await page.getByRole('link', { name: 'Sujet de démonstration' }).click()
  await expect(page.getByText('Ce sujet est verrouillé')).toBeVisible()
  await page.getByRole('tab', { name: 'Neutraliser' }).click()
  await page
    .getByRole('button', { name: /^Neutraliser – / })
    .first()
    .click()
  await page.getByLabel('Motif').fill('Deux bonnes réponses')
  await expectAccessibleInBothThemes(page, 'neutralise-window')
  await page.getByRole('dialog').getByRole('button', { name: 'Neutraliser' }).click()
  await expect(page.getByText('Neutralisée', { exact: true })).toBeVisible()
  await expect(async () => {
    await read()
    await expect(page.getByText('0 sur 29')).toHaveCount(2, { timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  await page.getByText('Notes d’avant').first().click()
  await expect(page.getByText('Deux bonnes réponses').first()).toBeVisible()
  await expectAccessibleInBothThemes(page, 'results-before')
  await candidate.reload()
  await expect(candidate.getByText(/^0 points? sur 29/)).toBeVisible()
})
