import { cpus, loadavg, release, totalmem } from 'node:os'

/** One line about the machine: a figure without it means nothing. */
export function machineLine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  const load = loadavg()[0]?.toFixed(1)
  return `${cpus().length} × ${model}, ${memory} GiB, Linux ${release()}, Node ${process.version}, load before ${load}`
}
