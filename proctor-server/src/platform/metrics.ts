import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** What `/metrics` shows. One object per process, handed to whoever counts something. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const storageFree = new Gauge({
    name: 'vigie_storage_free_bytes',
    help: 'Bytes left on the disk of recordings; not told where an S3 server has them',
    registers: [registry],
  })
  // A gauge is born at 0, which would be a store without room: nothing is said before it is known.
  storageFree.remove()
  return {
    registry,
    commands: new Counter({
      name: 'vigie_commands_total',
      help: 'Commands taken from HTTP and sockets, by action and outcome code',
      labelNames: ['action', 'outcome'] as const,
      registers: [registry],
    }),
    commandSeconds: new Histogram({
      name: 'vigie_command_seconds',
      help: 'Time from a command to its answer, in seconds',
      labelNames: ['action'] as const,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [registry],
    }),
    sockets: new Gauge({
      name: 'vigie_sockets',
      help: 'Sockets connected now, by kind',
      labelNames: ['kind'] as const,
      registers: [registry],
    }),
    saveBatch: new Histogram({
      name: 'vigie_save_batch_size',
      help: 'Saves written by one batch',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      registers: [registry],
    }),
    saveSeconds: new Histogram({
      name: 'vigie_save_seconds',
      help: 'Time from a save that was admitted to its being on disk, waiting for its batch included, in seconds',
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [registry],
    }),
    overdueEvidence: new Gauge({
      name: 'vigie_evidence_overdue',
      help: 'Attempts whose recording should have been destroyed hours ago and that nothing holds: must be 0',
      registers: [registry],
    }),
    overdueEpochKeys: new Gauge({
      name: 'vigie_epoch_keys_overdue',
      help: 'Keys of weeks that should have been destroyed: must be 0 but for an hour',
      registers: [registry],
    }),
    houseKept: new Gauge({
      name: 'vigie_house_kept_seconds',
      help: 'When the last round of destruction and other terms was completed without a failure, in seconds since 1970',
      registers: [registry],
    }),
    lateMatters: new Gauge({
      name: 'vigie_matters_late',
      help: 'Verdicts under way whose recording goes within a week, appeals that end within one, requests for access older than 25 days: must be 0',
      labelNames: ['kind'] as const,
      registers: [registry],
    }),
    storageFree,
    deadlinesDrained: new Counter({
      name: 'vigie_deadlines_drained_total',
      help: 'Attempts whose due moment the ticker acted on',
      registers: [registry],
    }),
    deadlineLateSeconds: new Histogram({
      name: 'vigie_deadline_late_seconds',
      help: 'Time from a due moment to its being acted on, in seconds; a start after an outage counts the outage',
      buckets: [0.5, 1, 2, 5, 10, 30, 60, 300],
      registers: [registry],
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
