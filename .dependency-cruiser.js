/**
 * Who may import whom (docs/architecture.md). Every rule says in its comment what to do instead; each is shown a
 * sample that it must refuse in test/checks/architecture.test.ts. Unused files and exports are knip's affair.
 */

/** Tests and what only tests import. They may reach further; nothing else may reach them. */
const TESTS = '\\.test\\.ts$|/test[A-Z][^/]*\\.ts$|/src/testing/|^test/'
const AREAS = 'accounts|catalog|checks|attempt|supervision|evidence|review'
/** @param {string[]} names */
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment:
        'These files need each other, even if only for types: move what both need to a third, lower file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'This import leads nowhere: correct the path (with its .ts) or the exports of the package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^\\$app/', '^virtual:', '\\?raw$'] },
    },
    {
      name: 'no-undeclared-package',
      comment:
        "Add the package, exactly pinned, to this workspace's package.json: npm install -E PKG -w NAME.",
      severity: 'error',
      from: {},
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'],
        pathNot: ['^\\$app/', '^virtual:', '\\?raw$'],
      },
    },
    {
      name: 'no-dev-package-in-product',
      comment:
        'What runs must not need a devDependency: move it to dependencies, or import only its types in a test.',
      severity: 'error',
      from: { path: '^(kernel|exam-engine|checks|contract|proctor-server)/src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'no-test-in-product',
      comment: 'Product code imports a test or its scenery: move what it needs out of there.',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: TESTS, pathNot: '(^|/)node_modules/' },
    },

    // ── Between workspaces ──────────────────────────────────────────────────────────────────────────────────────
    {
      name: 'kernel-knows-nobody',
      comment: 'The kernel is words only. What needs another package does not belong in it.',
      severity: 'error',
      from: { path: '^kernel/', pathNot: TESTS },
      to: { pathNot: '^kernel/' },
    },
    {
      name: 'exam-engine-knows-kernel-only',
      comment:
        'The engine is pure: pass in what it needs (moment, id, hash), or move this to proctor-server.',
      severity: 'error',
      from: { path: '^exam-engine/', pathNot: TESTS },
      to: { pathNot: '^(exam-engine|kernel)/' },
    },
    {
      name: 'verdict-knows-kernel-only',
      comment:
        'Page and server judge a machine by the same pure code: pass in what it needs as a measurement.',
      severity: 'error',
      from: { path: '^checks/src/verdict/', pathNot: TESTS },
      to: { pathNot: '^(checks/src/verdict|kernel)/' },
    },
    {
      name: 'checks-know-kernel-only',
      comment: 'Probes measure and nothing else: what they report is shaped in contract, which imports them.',
      severity: 'error',
      from: { path: '^checks/' },
      to: { path: '^(exam-engine|contract|proctor-server|web|test)/' },
    },
    {
      name: 'probes-know-no-fakes',
      comment: 'Scripted devices are handed to the probes by tests: take a device as an argument.',
      severity: 'error',
      from: { path: '^checks/src/probes/', pathNot: TESTS },
      to: { path: '^checks/src/fakes/' },
    },
    {
      name: 'contract-knows-domains-only',
      comment:
        'Both sides read the contract: it may use the domains and zod, never the server, a page or a probe.',
      severity: 'error',
      from: { path: '^contract/', pathNot: TESTS },
      to: {
        pathNot: ['^(contract|kernel|exam-engine|checks/src/verdict)/', npm('zod', '@orpc/contract')],
      },
    },
    {
      name: 'web-knows-no-server',
      comment: 'A page reaches the server through the contract: put the shape both need into contract/src.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(proctor-server|test)/' },
    },
    {
      name: 'web-decides-nothing',
      comment:
        'Pages draw what the server decided: put the answer into the view (contract) instead of deciding here.',
      severity: 'error',
      // A paper that is being written is nowhere but on its page: only there it can be previewed.
      from: { path: '^web/', pathNot: [TESTS, '^web/src/lib/catalog/(PaperPreview|previewSheet)'] },
      to: { path: '^exam-engine/src/(attempt/(decide|evolve)|catalog/(marking|order|candidatePaper))' },
    },
    {
      name: 'server-knows-domains-only',
      comment:
        'The server judges measurements, it takes none, and knows no page: use contract or checks/verdict.',
      severity: 'error',
      from: { path: '^proctor-server/', pathNot: TESTS },
      to: { path: '^(web|test|checks/src/(probes|fakes))/' },
    },
    {
      name: 'nobody-imports-test',
      comment: 'Only tests of the server borrow from test/stack: move what you need to your package.',
      severity: 'error',
      from: { pathNot: ['^test/', '^proctor-server/(src/testing/|.*(\\.test|/test[A-Z][^/]*)\\.ts$)'] },
      to: { path: '^test/' },
    },

    // ── Inside the engine ───────────────────────────────────────────────────────────────────────────────────────
    {
      name: 'engine-areas-share-words',
      comment:
        'Areas share types and word lists, not rules: use `import type`, or let proctor-server bring them together.',
      severity: 'error',
      from: { path: `^exam-engine/src/(${AREAS})/`, pathNot: TESTS },
      to: {
        path: '^exam-engine/src/',
        pathNot: [
          '^exam-engine/src/$1/',
          '^exam-engine/src/catalog/(policy|paper)\\.ts$',
          '^exam-engine/src/supervision/(checklist|reasons|signals)\\.ts$',
          '^exam-engine/src/attempt/(ids|permitted)\\.ts$',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'engine-catalog-stands-first',
      comment:
        'A catalogue is written before any attempt: of the other areas it knows ids, checklist and signals only.',
      severity: 'error',
      from: { path: '^exam-engine/src/catalog/', pathNot: TESTS },
      to: {
        path: '^exam-engine/src/',
        pathNot: '^exam-engine/src/(catalog/|attempt/ids\\.ts$|supervision/(checklist|signals)\\.ts$)',
      },
    },
    {
      name: 'engine-evidence-and-review-stand-last',
      comment: 'An exam goes on the same whether it is recorded and reviewed or not: turn the import round.',
      severity: 'error',
      from: { path: '^exam-engine/src/(catalog|attempt|supervision)/', pathNot: TESTS },
      to: { path: '^exam-engine/src/(evidence|review)/' },
    },

    // ── Inside the server ───────────────────────────────────────────────────────────────────────────────────────
    {
      name: 'platform-has-no-business',
      comment:
        'An adapter knows who asks (accounts) and no other area: pass in what it needs from compose.ts.',
      severity: 'error',
      from: { path: '^proctor-server/src/platform/', pathNot: TESTS },
      to: { path: `^proctor-server/src/(${AREAS})/`, pathNot: '^proctor-server/src/accounts/' },
    },
    {
      name: 'compose-is-the-top',
      comment:
        'compose.ts builds and wires everything; only main.ts starts it. Take the thing as an argument.',
      severity: 'error',
      from: { pathNot: ['^proctor-server/src/main\\.ts$', TESTS] },
      to: { path: '^proctor-server/src/(compose|main)\\.ts$' },
    },

    // ── Inside the site ─────────────────────────────────────────────────────────────────────────────────────────
    {
      name: 'web-platform-owns-the-network',
      comment: 'Only web/src/lib/platform speaks to server and SFU: add what you need there and import it.',
      severity: 'error',
      from: { path: '^web/src/', pathNot: ['^web/src/lib/platform/', TESTS] },
      to: { path: npm('socket\\.io-client', 'livekit-client', '@orpc/[^/]+', 'better-auth') },
    },
    {
      name: 'web-platform-knows-no-area',
      comment: 'The platform serves every area: pass in what it needs.',
      severity: 'error',
      from: { path: '^web/src/lib/platform/', pathNot: TESTS },
      to: { path: `^web/src/(routes|lib/(ui|shell|${AREAS}))/` },
    },
    {
      name: 'web-ui-knows-no-area',
      comment: 'A widget has no business words: pass in labels and values, or move it to its area.',
      severity: 'error',
      from: { path: '^web/src/lib/ui/', pathNot: TESTS },
      to: { path: `^(web/src/(routes|lib/(shell|${AREAS}))|contract|exam-engine|checks)/` },
    },
    {
      name: 'web-routes-are-the-top',
      comment: 'Pages are thin and import areas, never the other way: move the shared part to its area.',
      severity: 'error',
      from: { path: '^web/src/lib/' },
      to: { path: '^web/src/routes/' },
    },
    {
      name: 'one-icon-at-a-time',
      comment:
        'Import one icon, @lucide/svelte/icons/NAME: the index makes the compiler read two thousand files.',
      severity: 'error',
      from: {},
      to: { path: '(^|/)node_modules/@lucide/svelte/dist/(lucide-svelte|icons/index)\\.' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(web/build|web/\\.svelte-kit|web/src/lib/paraglide)/' },
    // Types count as well: whoever needs the type knows the thing.
    tsPreCompilationDeps: true,
    // vitest and other tools of the whole house stand in the root's package.json.
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.svelte', '.json'],
    },
  },
}
