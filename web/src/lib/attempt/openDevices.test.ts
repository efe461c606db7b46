import { afterEach, expect, it, vi } from 'vitest'
import { rememberDevice } from '#lib/checks/remembered.ts'
import { openDevices } from './openDevices.ts'

/** A browser that keeps what it is given to keep, and notes what it is asked to open. */
function browser(plugged: readonly string[]) {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
  const asked: MediaStreamConstraints[] = []
  const getUserMedia = async (constraints: MediaStreamConstraints) => {
    asked.push(constraints)
    for (const track of [constraints.video, constraints.audio]) {
      const id = typeof track === 'object' ? (track.deviceId as ConstrainDOMStringParameters) : undefined
      if (id?.exact !== undefined && !plugged.includes(String(id.exact)))
        throw new DOMException('gone', 'OverconstrainedError')
    }
    return {} as MediaStream
  }
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } })
  const ids = () =>
    asked.map(({ video, audio }) =>
      [video, audio].map((one) => (typeof one === 'object' ? one.deviceId : one)),
    )
  return { ids }
}
afterEach(() => vi.unstubAllGlobals())

it('[CHK-04][ROOM-03] what the exam opens again is what was chosen in the check', async () => {
  const { ids } = browser(['desk-camera', 'headset'])
  rememberDevice('camera', 'desk-camera')
  rememberDevice('microphone', 'headset')
  await openDevices({ camera: true, microphone: true })
  await openDevices({ camera: true, microphone: false })
  expect(ids()).toEqual([
    [{ exact: 'desk-camera' }, { exact: 'headset' }],
    [{ exact: 'desk-camera' }, false],
  ])
})

it('[CHK-04][ROOM-03] a chosen camera that is gone keeps neither another one nor the chosen microphone away', async () => {
  const { ids } = browser(['headset'])
  rememberDevice('camera', 'desk-camera')
  rememberDevice('microphone', 'headset')
  await openDevices({ camera: true, microphone: true })
  expect(ids().at(-1)).toEqual([{ ideal: 'desk-camera' }, { ideal: 'headset' }])
})

it('[CHK-04] where nothing was chosen, the browser chooses', async () => {
  const { ids } = browser([])
  await openDevices({ camera: true, microphone: true })
  expect(ids()).toEqual([[undefined, undefined]])
})
