import { randomUUID } from 'node:crypto'
import type { Action } from '@vigie/contract/accounts/actions'
import { api } from '@vigie/contract/api'
import type { FastifyRequest } from 'fastify'
import type { Server as SocketServer } from 'socket.io'
import type { Actor } from './accounts/actor.ts'
import { accountsHandlers, accountsRoutes } from './accounts/api.ts'
import { createAuth } from './accounts/auth.ts'
import { authorise } from './accounts/authorisation.ts'
import { inviteFirstAdministrator } from './accounts/people.ts'
import { createIdentify } from './accounts/identify.ts'
import { createAct, createActOnAll } from './attempt/act.ts'
import { attemptHandlers } from './attempt/api.ts'
import { credentialReader, relationReader } from './attempt/credentials.ts'
import { startTicker } from './attempt/deadlines.ts'
import { createEnter } from './attempt/enter.ts'
import { afterBeat, createHeart } from './attempt/outages.ts'
import { readFacts } from './attempt/facts.ts'
import { createPublisher } from './attempt/publish.ts'
import { createPublishResults } from './attempt/publishResults.ts'
import { rescoreJob } from './attempt/rescoring.ts'
import { createLines } from './attempt/lines.ts'
import { linesHere, socketRooms } from './attempt/rooms.ts'
import { createSaving } from './attempt/saving.ts'
import { scoreJob } from './attempt/scoring.ts'
import { createConsequences } from './attempt/consequences.ts'
import { createSetAside } from './attempt/setAside.ts'
import { candidateSocket } from './attempt/socket.ts'
import { attemptView } from './attempt/view.ts'
import { checksHandlers } from './checks/api.ts'
import { verdictOfReport } from './checks/fileReport.ts'
import { networkNeeds } from './checks/networkNeeds.ts'
import { createRehearsals } from './checks/rehearsal/rehearsals.ts'
import { createShares, REPORT_LIMITS, TRANSFER_LIMITS, TRIAL_LIMITS } from './checks/transferCaps.ts'
import { closeTrialJob, createTrials } from './checks/trial.ts'
import { transferRoutes } from './checks/transfers.ts'
import { evidenceHandlers } from './evidence/api.ts'
import { createAttestation } from './evidence/attest.ts'
import { createIntake } from './evidence/batchedIntake.ts'
import { epochKeyFiles } from './evidence/epochs.ts'
import { createAttemptKeys } from './evidence/keys.ts'
import { reminderJob } from './evidence/reminder.ts'
import { createReceipts } from './evidence/receipts.ts'
import { evidenceRoutes } from './evidence/routes.ts'
import { startHousekeeping } from './evidence/housekeeping.ts'
import { openStorage } from './platform/openStorage.ts'
import { reviewHandlers } from './review/api.ts'
import { verdictsUnderWay } from './review/store.ts'
import { reviewRoutes } from './review/routes.ts'
import { seedDemonstration } from './catalog/demonstration/seed.ts'
import { catalogHandlers } from './catalog/api.ts'
import { boardSocket } from './catalog/boardSocket.ts'
import { papersHandlers } from './catalog/papersApi.ts'
import { pictureRoutes } from './catalog/pictures.ts'
import { rosterHandlers } from './catalog/rosterApi.ts'
import { policyHandlers } from './catalog/policyApi.ts'
import { createPapers } from './catalog/store.ts'
import type { Config } from './config.ts'
import { migrations } from './migrations/all.ts'
import { systemClock, type Clock } from './platform/clock.ts'
import { migrate, openDatabase } from './platform/database.ts'
import { healthRoutes } from './platform/health.ts'
import { createHttp, serveLiveKitSignalling, serveWeb } from './platform/http.ts'
import { createJobs } from './platform/jobs.ts'
import { createLiveRooms } from './platform/livekit.ts'
import { createLog, type LogDestination } from './platform/log.ts'
import { mailJob } from './platform/mail.ts'
import { createMetrics } from './platform/metrics.ts'
import { createPulse } from './platform/pulse.ts'
import { createGuard, serveRpc } from './platform/rpc.ts'
import { openSigning, signingRoutes } from './platform/signing.ts'
import { createSockets } from './platform/sockets.ts'
import { supervisionHandlers } from './supervision/api.ts'
import { createChat } from './supervision/chat.ts'
import { createProctors } from './supervision/proctors.ts'
import { createRequests } from './supervision/requests.ts'
import { createLive } from './supervision/live/live.ts'
import { createRoomWatch } from './supervision/live/roomWatch.ts'
import { stillRoutes } from './supervision/live/stills.ts'
import { proctorsOf } from './supervision/proctors.ts'
import { createRemarks } from './supervision/remarks.ts'
import { readTimeline } from './supervision/timeline.ts'
import { deskSocket } from './supervision/desk.ts'
import { consoleSocket } from './supervision/socket.ts'
import { closeRoomJob } from './supervision/closeRoom.ts'
import { webhookRoutes } from './supervision/webhook.ts'

export interface Running {
  /** Where it listens, for instance `http://127.0.0.1:4780`. */
  readonly address: string
  /** Every HTTP route as `METHOD /path`, for the test that walks them all with every role. */
  readonly routes: readonly string[]
  /** The events of every kind of socket, for the same test. */
  readonly events: Readonly<Record<string, readonly string[]>>
  stop(): Promise<void>
}

/** Builds every object once and wires it; nothing else in the server constructs anything with state. */
export async function compose(
  config: Config,
  clock: Clock = systemClock,
  logTo?: LogDestination,
): Promise<Running> {
  const log = createLog(config.logLevel, logTo)
  const metrics = createMetrics()
  const connectionLost = (error: Error) => log.warn({ err: error }, 'a database connection was lost')
  const { db, pool } = openDatabase(config.databaseUrl, config.databasePool, connectionLost)
  // Saves have a connection of their own: whatever a thousand pages that come back ask for, no answer waits behind it.
  const saving = openDatabase(config.databaseUrl, 1, connectionLost)
  const applied = await migrate(db, migrations)
  if (applied.length > 0) log.info({ applied }, 'database brought up to date')

  const signing = await openSigning({ db, clock, file: config.signingKeyFile })
  const jobs = createJobs(config.databaseUrl, log)
  const media = createLiveRooms(config.livekit)
  const auth = createAuth(config, db, clock, jobs)
  const credentials = credentialReader(db, clock)
  const relations = relationReader(db)
  const identify = createIdentify(auth, db, credentials, config.requireSecondFactor)
  const papers = createPapers()

  const people = { db, clock, jobs, publicOrigin: config.publicOrigin }

  let sockets: SocketServer | null = null
  const rooms = socketRooms(() => {
    if (!sockets) throw new Error('nobody can be told anything before the sockets listen')
    return sockets
  })
  const publisher = createPublisher({
    db,
    clock,
    log,
    rooms,
    loadMoved: (session) => proctors.changed(session),
  })
  const replica = randomUUID()
  const changes = {
    db,
    clock,
    replica,
    publish: publisher.publish,
    withChanges: createConsequences({ clock, jobs }),
  } satisfies Parameters<typeof createAct>[0]
  const bareAct = createAct(changes)
  const actOnAll = createActOnAll(changes)
  const lines = createLines({ db, actOnAll, log, replica, here: linesHere(() => sockets) })
  const heart = createHeart({
    db,
    clock,
    actOnAll,
    log,
    replica,
    mediaHealthy: () => media.healthy(),
    lines,
  })
  const act = afterBeat(heart, bareAct)
  const setAside = createSetAside({ act: bareAct, clock, papers })
  const save = afterBeat(heart, createSaving({ ...changes, ...saving, papers, metrics, setAside }))
  const enter = createEnter({ db, clock, act })
  const attestation = createAttestation(changes)
  const proctors = createProctors({ db, clock, act, rooms, log })
  const requests = createRequests({ db, clock, publisher })
  const chat = createChat({ db, clock, act, rooms, publisher })
  const remarks = createRemarks({ act, clock, publisher })
  const rehearsals = createRehearsals({ db, clock, log, act, chat, publisher, rooms, media })
  const storage = await openStorage(config.storage)
  const live = createLive({ db, clock, publisher })
  const pulse = createPulse(clock)
  const watch = createRoomWatch({ db, clock, log, rooms: media, act, publisher })
  const epochs = epochKeyFiles(config.epochKeysDir)
  const keys = createAttemptKeys({ epochs, clock })
  const intake = createIntake({ db, clock, storage, keys })
  const evidence = { db, clock, storage, keys, epochs, intake, openMatters: verdictsUnderWay }

  const app = createHttp(config, log)
  const routes: string[] = []
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push(`${one} ${url}`)
  })
  const guard = createGuard({ metrics, relations })
  let accepting = true
  healthRoutes(app, { config, db, rooms: media, metrics, accepting: () => accepting })
  accountsRoutes(app, { auth, publicOrigin: config.publicOrigin, clock })
  signingRoutes(app, signing)
  webhookRoutes(app, { rooms: media, watch })
  pictureRoutes(app, db)
  transferRoutes(app, { shares: createShares(clock, TRANSFER_LIMITS), clock, relations, identify })
  const asked = {
    actorOf: (request: FastifyRequest) => identify(request.headers),
    authorise: (actor: Actor, action: Action, attempt: string | null) =>
      authorise(actor, action, attempt, relations),
  }
  stillRoutes(app, { db, clock, storage, keys, metrics, rooms, ...asked })
  evidenceRoutes(app, {
    ...evidence,
    metrics,
    ...asked,
    record: (attempt, lease, command) =>
      act(attempt, async (_tx, { state }) => ({
        ...command,
        lease,
        by: { role: 'candidate', id: state.booking.candidateId },
      })),
  })
  const receipts = createReceipts({ db, clock, signing, attestation })
  reviewRoutes(app, {
    db,
    clock,
    storage,
    keys,
    receipts,
    signing,
    metrics,
    actorOf: (request) => identify(request.headers),
    authorise: (actor, action, attempt) => authorise(actor, action, attempt, relations),
  })
  await serveRpc(
    app,
    { identify, contract: api, log },
    {
      accounts: accountsHandlers(guard, { ...people, config }),
      catalog: catalogHandlers(guard, { db, clock, act }),
      roster: rosterHandlers(guard, { ...people, act }),
      papers: papersHandlers(guard, { db, clock, jobs }),
      attempt: attemptHandlers(guard, {
        db,
        clock,
        papers,
        enter,
        save,
        watch,
        publishResults: createPublishResults({ db, clock, act, jobs }),
      }),
      policy: policyHandlers(guard, { db, clock }),
      checks: checksHandlers(guard, {
        db,
        clock,
        reportShares: createShares(clock, REPORT_LIMITS),
        network: networkNeeds(config),
        rehearsals,
        openTrial: createTrials({ db, clock, jobs, rooms: media, shares: createShares(clock, TRIAL_LIMITS) }),
      }),
      supervision: supervisionHandlers(guard, { db, clock, rooms: media }),
      evidence: evidenceHandlers(guard, { ...evidence, receipts, jobs, publicOrigin: config.publicOrigin }),
      review: reviewHandlers(guard, {
        db,
        clock,
        act,
        jobs,
        papers,
        publicOrigin: config.publicOrigin,
        async viewOf(attempt) {
          const facts = await readFacts(db, attempt)
          return facts && attemptView(facts, clock.now())
        },
        marksOf: (attempt) => readTimeline(db, attempt),
      }),
    },
  )
  await serveLiveKitSignalling(app, config)
  await serveWeb(app, config)

  const kinds = [
    candidateSocket({
      db,
      clock,
      act,
      save,
      papers,
      chat,
      requests,
      credentials,
      verdictOf: (report, attempt) => verdictOfReport(db, report, attempt),
      live,
      pulse,
      lines,
      log,
    }),
    consoleSocket({ db, clock, act, chat, remarks, live, requests, relations, identify, proctors }),
    deskSocket({ db, clock, identify, relations, chat }),
    boardSocket({
      db,
      clock,
      log,
      identify,
      relations,
      async proctors(session) {
        const staff = await proctorsOf(db, session, clock.now())
        return staff.map(({ person, name, role, connected, load }) => ({
          person,
          name,
          role,
          present: connected,
          load,
        }))
      },
      mediaHealthy: () => media.healthy(),
      storageFree: () => storage.free(),
      show: (attempt) => publisher.show(attempt),
    }),
  ]
  sockets = createSockets(app.server, { config, log, metrics, relations }, kinds)

  await jobs.start([
    mailJob(config.mail, db),
    scoreJob({ db, clock, papers, jobs }),
    closeRoomJob(media, { db, storage }),
    closeTrialJob(media),
    reminderJob({ db, clock, jobs, publicOrigin: config.publicOrigin }),
    rescoreJob({ db, clock, papers, jobs }),
  ])
  if (config.administratorEmail) await inviteFirstAdministrator(people, config.administratorEmail)
  if (config.demonstration) await seedDemonstration({ db, clock, auth, dataDir: config.dataDir })
  await proctors.started()
  const ticker = await startTicker({
    ...changes,
    act: bareAct,
    log,
    metrics,
    heart,
    async alsoDue() {
      await lines.endSuperseded()
      await proctors.drain()
      await rehearsals.drain()
      await attestation.drain()
    },
  })
  const watching = watch.start()
  // Before anybody is served: a restored backup may hold what was destroyed after it was made.
  const housekeeping = await startHousekeeping({
    ...evidence,
    storageKind: config.storage.kind,
    signing,
    jobs,
    publicOrigin: config.publicOrigin,
    recipients: config.headsMailTo,
    lostEpochs: config.epochKeysLost,
    log,
    metrics,
  })
  const address = await app.listen({ host: config.host, port: config.port })
  log.info({ address, origin: config.publicOrigin }, 'listening')

  return {
    address,
    routes,
    events: Object.fromEntries(kinds.map(({ name, events }) => [name, Object.keys(events)])),
    async stop() {
      accepting = false
      log.info('stopping')
      await sockets.close()
      await app.close()
      await ticker.stop()
      await watching.stop()
      pulse.stop()
      await housekeeping.stop()
      await publisher.settled()
      await proctors.settled()
      await jobs.stop()
      storage.close()
      await saving.db.destroy()
      await db.destroy()
      if (!pool.ended) await pool.end()
      log.info('stopped')
    },
  }
}
