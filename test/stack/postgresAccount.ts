import { spawnSync } from 'node:child_process'
import { SetUpFailure, type Progress } from './failure.ts'

/** Under which account PostgreSQL's programs run, and what must stand before their names on a command line. */
export interface PostgresAccount {
  /** Given to spawn; absent when a prefix changes the account, or when no change is needed. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined
  /** Whom the data must belong to; undefined: the person who started us. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
  readonly prefix: readonly string[]
}

const accountName = 'postgres'

/**
 * PostgreSQL refuses to run as root, as which containers and fresh machines often work: there it runs as the
 * account `postgres`, created when missing. That account cannot see into a private home folder such as /root;
 * when `paths` lie in one, it gets the one capability that opens it (setpriv, part of every Debian).
 * @throws SetUpFailure when neither is possible.
 */
export function postgresAccount(paths: readonly string[], progress: Progress): PostgresAccount {
  if (process.platform === 'win32' || process.getuid?.() !== 0) {
    return { ids: undefined, owner: undefined, prefix: [] }
  }
  const owner = idsOf(accountName) ?? createAccount(progress)
  if (paths.every((path) => canReach(path, [], owner))) return { ids: owner, owner, prefix: [] }
  const prefix = [
    'setpriv',
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    // initdb asks access(2) about its neighbours, which otherwise leaves capabilities out of account.
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--',
  ]
  if (paths.every((path) => canReach(path, prefix))) return { ids: undefined, owner, prefix }
  throw new SetUpFailure(
    `PostgreSQL does not run as root, and the account « ${accountName} » may not enter ${paths.join(' or ')}`,
    'work as an ordinary user, or clone into a folder others may enter (for instance below /srv), or set DATABASE_URL',
  )
}

function canReach(path: string, prefix: readonly string[], ids?: { uid: number; gid: number }): boolean {
  const [command = '', ...rest] = [...prefix, 'test', '-x', path]
  return spawnSync(command, rest, { stdio: 'ignore', ...ids }).status === 0
}

function createAccount(progress: Progress): { uid: number; gid: number } {
  progress(`creating the system account « ${accountName} », because PostgreSQL refuses to run as root`)
  const created = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', accountName], {
    encoding: 'utf8',
  })
  const ids = idsOf(accountName)
  if (ids !== undefined) return ids
  throw new SetUpFailure(
    `the account « ${accountName} » cannot be created: ${created.stderr ?? created.error?.message ?? ''}`.trim(),
    'work as an ordinary user, or create that account, or set DATABASE_URL',
  )
}

function idsOf(name: string): { uid: number; gid: number } | undefined {
  const [uid, gid] = ['-u', '-g'].map((what) => spawnSync('id', [what, name], { encoding: 'utf8' }).stdout)
  if (!uid || !gid) return undefined
  return { uid: Number(uid), gid: Number(gid) }
}
