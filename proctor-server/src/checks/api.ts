import { implement } from '@orpc/server'
import { checksApi, type NetworkNeeds } from '@vigie/contract/checks/api'
import { certificationId } from '@vigie/exam-engine/attempt/ids'
import { DEFAULT_POLICY } from '@vigie/exam-engine/catalog/policy'
import { personOf as signedIn, type Actor } from '../accounts/actor.ts'
import { readPolicyVersion } from '../catalog/policyStore.ts'
import type { Clock } from '../platform/clock.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Database } from '../platform/database.ts'
import type { Guard } from '../platform/rpc.ts'
import { fileReport } from './fileReport.ts'
import { judgingPolicy } from './judgingPolicy.ts'
import { claim, keptReport, reportOfNumber, reportsOf } from './readReport.ts'
import type { Rehearsals } from './rehearsal/rehearsals.ts'
import { passesOf, type KnownCertification } from './store.ts'
import type { Shares } from './transferCaps.ts'
import type { Trials } from './trial.ts'

interface ChecksDeps {
  readonly db: Database
  readonly clock: Clock
  /** How many reports an attempt, or an address, may file [CHK-06]. */
  readonly reportShares: Shares
  readonly network: NetworkNeeds
  readonly openTrial: Trials
  readonly rehearsals: Rehearsals
}

const personOf = (actor: Actor): string | null =>
  actor.kind === 'person' ? actor.id : actor.kind === 'attempt' ? actor.candidate : null

/** Every number of several certifications once: who has not said which may call any of them (FUN-09). */
const numbersOf = (choices: readonly KnownCertification[]): KnownCertification['helpline'] => [
  ...new Map(choices.flatMap(({ helpline }) => helpline).map((line) => [line.number, line])).values(),
]

const named = ({ id, name }: KnownCertification) => ({ id: certificationId.parse(id), name })

export const checksHandlers = (guard: Guard, deps: ChecksDeps) => {
  const { db, clock, network, rehearsals } = deps
  const os = implement(checksApi).$context<RequestContext>().use(guard)
  return os.router({
    policy: os.policy.handler(async ({ context: { actor }, input }) => {
      const now = clock.now()
      const judge = await judgingPolicy(db, actor, input.certification, now)
      const { certification, version, policy, choices } = judge
      const kept =
        certification && version !== null ? await readPolicyVersion(db, certification.id, version) : null
      const { acceptedDocuments, photos } = kept ?? DEFAULT_POLICY
      const person = personOf(actor)
      const passes = person === null ? [] : await passesOf(db, person, now)
      return {
        certification: certification && named(certification),
        choices: choices.map(named),
        version,
        policy: { ...policy, systems: [...policy.systems], browsers: [...policy.browsers] },
        identity: { documents: [...acceptedDocuments], photos },
        helpline: certification ? certification.helpline : numbersOf(choices),
        passUntil:
          passes.find((one) => (one.certification?.id ?? null) === (certification?.id ?? null))?.until ??
          null,
      }
    }),
    fileReport: os.fileReport.handler(async ({ context: { actor, address }, input }) => {
      const over = deps.reportShares.admit({ actor, address }, 0)
      try {
        return await fileReport(deps, actor, input.measurements, input.certification)
      } finally {
        over()
      }
    }),
    report: os.report.handler(({ context: { actor }, input }) => keptReport(db, actor, input.report)),
    findReport: os.findReport.handler(({ context: { actor }, input }) =>
      reportOfNumber(db, actor, input.number),
    ),
    claim: os.claim.handler(({ context: { actor }, input }) => claim(deps, actor, input.report)),
    ownReports: os.ownReports.handler(({ context: { actor } }) =>
      reportsOf(db, personOf(actor) ?? '', clock.now()),
    ),
    network: os.network.handler(() => network),
    rehearsals: os.rehearsals.handler(({ context: { actor } }) => rehearsals.own(signedIn(actor).id)),
    rehearsal: os.rehearsal.handler(({ context: { actor }, input }) =>
      rehearsals.read(signedIn(actor).id, input.rehearsal),
    ),
    beginRehearsal: os.beginRehearsal.handler(({ context: { actor }, input }) =>
      rehearsals.begin(signedIn(actor).id, input.attempt, input.language),
    ),
    endRehearsal: os.endRehearsal.handler(({ input }) => rehearsals.end(input.attempt)),
    trial: os.trial.handler(async ({ context: { actor, address, log } }) => ({
      ...(await deps.openTrial({ actor, address }, log)),
      udp: network.udpPorts !== null,
      tcp: network.tcpPort !== null,
      turn: network.turnUdpPort !== null || network.turnTlsPort !== null,
    })),
  })
}
