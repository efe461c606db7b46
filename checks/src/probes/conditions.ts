import type { ConditionsMeasurement } from '../verdict/measurements.ts'
import type { Devices } from './devices.ts'
import { type Probe, createProbe } from './probe.ts'

/** What remote desktops and virtual machines draw with, by the names they give themselves. */
const REMOTE_RENDERERS = /basic render|remote|\brdp|citrix|teamviewer|parallels|vmware|virtualbox|svga3d/i
/** Networks a computer is plugged into or hears; behind a VPN a browser names another. */
const PLAIN_NETWORKS = ['ethernet', 'wifi', 'cellular', 'wimax', 'bluetooth', 'none', 'unknown']

/** Size of the screen, battery, clock, and hints of a remote desktop or a VPN [CHK-10]. */
export function conditionsProbe<Stream>(devices: Devices<Stream>): Probe<never, ConditionsMeasurement> {
  const { width, height } = devices.screens()
  const screen = { screenWidth: width, screenHeight: height }
  return createProbe<never, ConditionsMeasurement>(
    async ({ signal }) => {
      const [clockAheadMs, { battery, renderer, network }] = await Promise.all([
        devices.clockAhead(signal),
        devices.surroundings(),
      ])
      return {
        ...screen,
        battery,
        clockAheadMs,
        remoteDesktop: renderer === null ? null : REMOTE_RENDERERS.test(renderer),
        vpn: network === null ? null : !PLAIN_NETWORKS.includes(network),
      }
    },
    () => ({ ...screen, battery: null, clockAheadMs: null, remoteDesktop: null, vpn: null }),
  )
}
