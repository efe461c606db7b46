import { describe, expect, it } from 'vitest'
import { photoId } from './ids.ts'
import { CANDIDATE, dayIn, hash, HOME, OTHER_DEVICE, PROCTOR, SEED, SYSTEM } from './testDay.ts'

const photo = { photoId: photoId.parse('00000000-0000-7000-8000-000000000032'), digest: hash(32) }
const newFace = { type: 'recordPhoto', photo: 'face', ...photo } as const
const otherDevice = { type: 'takeLease', profile: OTHER_DEVICE } as const

describe('leases', () => {
  it('[ROOM-05.1] a reload takes over at once and the older page is told', () => {
    const day = dayIn('running')
    day.save(1)
    expect(day.types(CANDIDATE, { type: 'takeLease', profile: HOME })).toEqual(['lease-taken'])
    const save = { type: 'save', number: 2, digest: hash(2), answeredCount: 1 } as const
    expect(day.refusal(CANDIDATE, { ...save, lease: 1 })).toBe('lease-superseded')
    expect(day.refusal(CANDIDATE, { ...save, lease: 3 })).toBe('lease-unknown')
    expect(day.types(CANDIDATE, { ...save, lease: 2 })).toEqual(['answers-saved'])
  })

  it('[ROOM-05.1] the old socket going away is nobody’s fact', () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, { type: 'takeLease', profile: HOME })
    day.connect()
    expect(day.types(SYSTEM, { type: 'disconnected', lease: 1 })).toEqual([])
    expect(day.refusal(SYSTEM, { type: 'connected', lastNumber: 0, lease: 1 })).toBe('lease-superseded')
    expect(day.in('running').presence.connected).toBe(true)
  })

  it('[ROOM-05.2] until the new page connects, none is connected', () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, { type: 'takeLease', profile: HOME })
    expect(day.in('running').presence).toMatchObject({ connected: false, connectedSince: day.now })
  })

  it.each(['checking', 'unlocked'] as const)(
    '[ROOM-05.2] %s: another device goes back to the queue, readmission asked',
    (status) => {
      const day = dayIn(status)
      expect(day.types(CANDIDATE, otherDevice)).toEqual(['lease-taken', 'released', 'readmission-asked'])
      expect(day.in('waiting').presence.readmission).toEqual({ askedAt: day.now, facePhoto: null })
    },
  )

  it('[ROOM-05.3] no unlock before the new device has taken photo 2 again', () => {
    const day = dayIn('waiting')
    expect(day.types(CANDIDATE, otherDevice)).toEqual(['lease-taken', 'readmission-asked'])
    day.tell(PROCTOR, { type: 'take', load: 0 })
    day.tickAll()
    const unlock = { type: 'unlock', checklistVersion: 7 } as const
    expect(day.refusal(PROCTOR, unlock)).toBe('readmission-pending')
    expect(day.refusal(CANDIDATE, { ...newFace, photo: 'document' })).toBe('readmission-not-asked')
    day.tell(CANDIDATE, newFace)
    day.tell(PROCTOR, unlock)
    expect(day.in('unlocked').presence.readmission).toBeNull()
    expect(day.in('unlocked').entry.photos.face).not.toMatchObject({ digest: hash(32) })
  })

  it('[ROOM-05.3] running: another device is held until photo 2 and a proctor’s decision', () => {
    const day = dayIn('running')
    expect(day.types(CANDIDATE, otherDevice)).toEqual(['lease-taken', 'readmission-asked', 'held'])
    expect(day.in('held').hold).toMatchObject({ reason: { code: 'takeover' }, cause: 'candidate' })
    const resume = { type: 'resume', credit: true } as const
    expect(day.refusal(PROCTOR, resume)).toBe('readmission-pending')
    day.after(40).tell(CANDIDATE, newFace)
    expect(day.types(PROCTOR, resume)).toEqual(['time-changed', 'resumed'])
    expect(day.in('running').presence.readmission).toBeNull()
  })

  it('[ROOM-05.3] where the policy takes no face photo, the proctor alone readmits', () => {
    const day = dayIn('running', { photos: { document: 'off', 'second-document': 'off', face: 'off' } })
    day.tell(CANDIDATE, otherDevice)
    expect(day.refusal(PROCTOR, { type: 'resume', credit: null })).toBeNull()
  })

  it('[ROOM-05.2] going back to the first device is again another device', () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, otherDevice)
    day.tell(CANDIDATE, newFace)
    expect(day.types(CANDIDATE, { type: 'takeLease', profile: HOME })).toEqual([
      'lease-taken',
      'readmission-asked',
    ])
    expect(day.in('held').presence.readmission?.facePhoto).toBeNull()
  })

  it('[ROOM-05.2] a hold asked for before the takeover keeps its reason', () => {
    const day = dayIn('running')
    day.tell(PROCTOR, { type: 'hold', reason: { code: 'alarm', note: null } })
    day.tell(CANDIDATE, otherDevice)
    expect(day.in('held').hold).toMatchObject({ reason: { code: 'alarm' }, cause: 'platform', by: PROCTOR })
  })

  it('[ROOM-05.2] once closed, another device neither enters nor ends the wait for the one that was closed', () => {
    const day = dayIn('closed')
    const { lease } = day.in('closed').presence
    expect(day.refusal(CANDIDATE, otherDevice)).toBe('closed')
    expect(day.in('closed').presence.lease).toBe(lease)
    expect(day.types(CANDIDATE, { type: 'takeLease', profile: HOME })).toEqual(['lease-taken'])
  })
})

describe('camera, microphone, screen', () => {
  it('[ROOM-03.1] a track lost for 60 s asks for a hold of the candidate’s cause', () => {
    const day = dayIn('running')
    day.tell(SYSTEM, { type: 'mediaLost', track: 'screen' })
    expect(day.types(SYSTEM, { type: 'mediaLost', track: 'screen' })).toEqual([])
    expect(day.after(59).expire()).toEqual([])
    expect(day.after(1).expire()).toEqual(['hold-requested'])
    expect(day.in('running').holdRequest).toMatchObject({
      reason: { code: 'media-lost' },
      cause: 'candidate',
    })
    expect(day.after(10).expire()).toEqual(['held'])
  })

  it('[ROOM-03.1] shared again in time, nothing happens', () => {
    const day = dayIn('running')
    day.tell(SYSTEM, { type: 'mediaLost', track: 'camera' })
    day.after(59).tell(SYSTEM, { type: 'mediaBack', track: 'camera' })
    expect(day.types(SYSTEM, { type: 'mediaBack', track: 'camera' })).toEqual([])
    expect(day.after(60).expire()).toEqual([])
  })

  it('[ROOM-03.1] a proctor who resumes without it is not asked again for the same loss', () => {
    const day = dayIn('running')
    day.tell(SYSTEM, { type: 'mediaLost', track: 'camera' })
    day.after(70).expire()
    day.tell(PROCTOR, { type: 'resume', credit: true })
    expect(day.after(300).expire()).toEqual(['uncovered'])
    day.tell(SYSTEM, { type: 'mediaBack', track: 'camera' })
    day.tell(SYSTEM, { type: 'mediaLost', track: 'camera' })
    expect(day.after(60).expire()).toEqual(['hold-requested'])
  })

  it('[ROOM-03.1] what was lost during a hold is seen by the proctor who resumes', () => {
    const day = dayIn('held')
    day.tell(SYSTEM, { type: 'mediaLost', track: 'microphone' })
    day.tell(PROCTOR, { type: 'resume', credit: null })
    expect(day.after(300).expire()).toEqual(['uncovered'])
  })

  it('[ROOM-03.1] what was lost before the start is waited for from the start', () => {
    const day = dayIn('unlocked')
    day.tell(SYSTEM, { type: 'mediaLost', track: 'microphone' })
    day.after(300).tell(CANDIDATE, { type: 'start', seed: SEED, parts: [] })
    expect(day.after(59).expire()).toEqual([])
    expect(day.after(1).expire()).toEqual(['hold-requested'])
  })
})
