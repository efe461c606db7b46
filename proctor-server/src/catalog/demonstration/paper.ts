import { choiceId, partId, questionId, type PaperId } from '@vigie/exam-engine/attempt/ids'
import type { Paper, Part, Question } from '@vigie/exam-engine/catalog/paper'

const single = (id: string, text: string, choices: readonly string[], right: number): Question => ({
  id: questionId.parse(id),
  type: 'single',
  text,
  points: 1,
  fixedOrder: false,
  choices: choices.map((choice, index) => ({ id: choiceId.parse(`${id}-${index + 1}`), text: choice })),
  key: choiceId.parse(`${id}-${right}`),
})

const multiple = (
  id: string,
  text: string,
  choices: readonly string[],
  right: readonly number[],
): Question => ({
  id: questionId.parse(id),
  type: 'multiple',
  text,
  points: 1,
  fixedOrder: false,
  choices: choices.map((choice, index) => ({ id: choiceId.parse(`${id}-${index + 1}`), text: choice })),
  key: right.map((index) => choiceId.parse(`${id}-${index}`)),
})

const truth = (id: string, text: string, key: boolean): Question => ({
  id: questionId.parse(id),
  type: 'true-false',
  text,
  points: 1,
  key,
})

const numeric = (id: string, text: string, key: number): Question => ({
  id: questionId.parse(id),
  type: 'numeric',
  text,
  points: 1,
  key,
  tolerance: 0,
})

const vocabulary: Part = {
  id: partId.parse('partie-1'),
  title: 'Partie 1 : le vocabulaire des processus',
  questions: [
    single(
      'q01',
      'Qu’est-ce qu’un **processus métier** ?',
      [
        'Un enchaînement d’activités qui transforme une demande en résultat',
        'La liste des services d’une entreprise',
        'Le plan d’un logiciel',
        'Une réunion régulière',
      ],
      1,
    ),
    single(
      'q02',
      'Que désigne le *client* d’un processus ?',
      [
        'Celui qui le finance',
        'Celui qui en reçoit le résultat',
        'Celui qui le dessine',
        'Celui qui l’audite',
      ],
      2,
    ),
    truth('q03', 'Un processus de support sert les autres processus de l’organisation.', true),
    single(
      'q04',
      'Qui répond du bon fonctionnement d’un processus de bout en bout ?',
      ['Le directeur financier', 'Le pilote du processus', 'Le service informatique', 'Le client'],
      2,
    ),
    multiple(
      'q05',
      'Lesquels sont des processus de **réalisation** ?',
      ['Traiter une commande', 'Recruter un salarié', 'Fabriquer un produit', 'Tenir la comptabilité'],
      [1, 3],
    ),
    truth('q06', 'Une procédure décrit la manière de réaliser une activité.', true),
    single(
      'q07',
      'À quoi sert une cartographie de premier niveau ?',
      [
        'À décrire chaque tâche',
        'À voir d’un coup d’œil les processus et leurs liens',
        'À remplacer l’organigramme',
        'À calculer les salaires',
      ],
      2,
    ),
    single(
      'q08',
      'Comment s’appelle ce qui déclenche un processus ?',
      ['Un indicateur', 'Un événement', 'Un acteur', 'Une ressource'],
      2,
    ),
    numeric(
      'q09',
      'Un dossier attend 3 jours, puis 2 jours, et se traite en 1 jour. Combien de jours dure-t-il en tout ?',
      6,
    ),
    truth('q10', 'Un processus appartient toujours à un seul service.', false),
  ],
}

const notation: Part = {
  id: partId.parse('partie-2'),
  title: 'Partie 2 : la notation BPMN',
  questions: [
    single(
      'q11',
      'Que représente un rectangle aux coins arrondis ?',
      ['Un événement', 'Une tâche', 'Une donnée', 'Un couloir'],
      2,
    ),
    single('q12', 'Que représente un losange ?', ['Une passerelle', 'Une tâche', 'Un message', 'Une fin'], 1),
    single(
      'q13',
      'Que représente un cercle au trait fin ?',
      ['Un événement de fin', 'Un événement intermédiaire', 'Un événement de début', 'Une passerelle'],
      3,
    ),
    multiple(
      'q14',
      'Que peut-on placer dans un couloir (*lane*) ?',
      ['Des tâches', 'Des événements', 'Un autre diagramme complet', 'Des passerelles'],
      [1, 2, 4],
    ),
    truth('q15', 'Un flux de séquence peut relier deux bassins (*pools*).', false),
    single(
      'q16',
      'Quelle passerelle laisse passer **un seul** chemin ?',
      ['Parallèle', 'Exclusive', 'Inclusive', 'Complexe'],
      2,
    ),
    single('q17', 'Quel trait dessine un flux de message ?', ['Continu', 'Pointillé', 'Double', 'Épais'], 2),
    truth('q18', 'Une passerelle parallèle attend que tous ses chemins d’entrée soient arrivés.', true),
    numeric('q19', 'Combien de chemins au plus une passerelle exclusive à quatre sorties active-t-elle ?', 1),
    single(
      'q20',
      'Que représente un bassin (*pool*) ?',
      ['Un participant', 'Une base de données', 'Une décision', 'Un délai'],
      1,
    ),
  ],
}

const improvement: Part = {
  id: partId.parse('partie-3'),
  title: 'Partie 3 : mesurer et améliorer',
  questions: [
    single(
      'q21',
      'Quel indicateur mesure la **qualité** d’un processus de livraison ?',
      [
        'Le nombre de camions',
        'La part des livraisons conformes',
        'Le nombre de salariés',
        'La surface de l’entrepôt',
      ],
      2,
    ),
    single(
      'q22',
      'Que fait-on en premier pour améliorer un processus ?',
      [
        'On change le logiciel',
        'On observe ce qui se passe vraiment',
        'On réduit les effectifs',
        'On rédige la procédure finale',
      ],
      2,
    ),
    multiple(
      'q23',
      'Lesquels sont des gaspillages ?',
      [
        'Attendre une signature',
        'Saisir deux fois la même donnée',
        'Contrôler ce que le client demande',
        'Déplacer un dossier d’un bureau à l’autre',
      ],
      [1, 2, 4],
    ),
    truth('q24', 'Le délai d’un processus est surtout fait d’attentes.', true),
    numeric(
      'q25',
      'Sur 200 dossiers, 10 reviennent avec une erreur. Que vaut le taux d’erreur $t = \\frac{10}{200} \\times 100$, en pour cent ?',
      5,
    ),
    single('q26', 'Que signifie le P de la roue PDCA ?', ['Produire', 'Planifier', 'Piloter', 'Publier'], 2),
    single(
      'q27',
      'Qu’appelle-t-on un goulot ?',
      [
        'L’étape la plus lente, qui règle le débit de l’ensemble',
        'La première étape',
        'Une étape en double',
        'Une étape externe',
      ],
      1,
    ),
    truth('q28', 'Accélérer une étape qui n’est pas le goulot augmente le débit de l’ensemble.', false),
    single(
      'q29',
      'Qui connaît le mieux les difficultés d’une activité ?',
      ['Ceux qui la réalisent', 'Les auditeurs', 'Les fournisseurs', 'Les actionnaires'],
      1,
    ),
    multiple(
      'q30',
      'Que contient une bonne fiche de processus ?',
      ['Sa finalité', 'Son pilote', 'Ses indicateurs', 'Le salaire des acteurs'],
      [1, 2, 3],
    ),
  ],
}

/** Thirty questions in three parts of ten (FUN-49), of the certification the sources speak of. */
export const demonstrationPaper = (id: PaperId): Paper => ({
  id,
  title: 'Introduction à la cartographie des processus métiers',
  shuffleQuestions: true,
  shuffleChoices: true,
  marking: { partial: true, wrongPenalty: 0, floorAtZero: true },
  parts: [vocabulary, notation, improvement],
})
