import type { NetworkNeeds } from '@vigie/contract/checks/api'
import type { Config } from '../config.ts'

/** What a network must let through to this installation: the site by name and port, the media as the SFU has them. */
export function networkNeeds({ publicOrigin, media }: Pick<Config, 'publicOrigin' | 'media'>): NetworkNeeds {
  const { hostname, port, protocol } = new URL(publicOrigin)
  const { host: mediaHost, ...ways } = media
  return {
    host: hostname,
    webPort: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    mediaHost,
    ...ways,
  }
}
