import { MINUTE, SECOND } from '@vigie/kernel/instant'
import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../catalog/policy.ts'
import { dueAt } from './due.ts'
import { equipmentReportId, photoId } from './ids.ts'
import { freezeTerms, grantedSeconds, NO_ACCOMMODATION } from './terms.ts'
import {
  APPOINTMENT,
  bookingOf,
  CANDIDATE,
  dayIn,
  ExamDay,
  hash,
  HOME,
  joining,
  OTHER_DEVICE,
  REGISTRAR,
  SYSTEM,
} from './testDay.ts'
import { entryWindow } from './window.ts'

const reportId = equipmentReportId.parse('00000000-0000-7000-8000-000000000030')
const face = {
  type: 'recordPhoto',
  photo: 'face',
  photoId: photoId.parse('00000000-0000-7000-8000-000000000031'),
  digest: hash(31),
} as const

describe('the window', () => {
  it('[IDN-01.1] the late limit is never more than a third of the granted time', () => {
    const short = freezeTerms(DEFAULT_POLICY, NO_ACCOMMODATION)
    expect(entryWindow(short, APPOINTMENT, APPOINTMENT + 60 * MINUTE)).toMatchObject({
      opensAt: APPOINTMENT - 30 * MINUTE,
      closesAt: APPOINTMENT + 10 * MINUTE,
    })
    const long = freezeTerms({ ...DEFAULT_POLICY, durationSeconds: 3 * 3_600 }, NO_ACCOMMODATION)
    expect(entryWindow(long, APPOINTMENT, APPOINTMENT).closesAt).toBe(APPOINTMENT + 15 * MINUTE)
  })

  it('[ATT-10.1] granted time is multiplied exactly, rounded up, and extra seconds come on top', () => {
    const granted = (durationSeconds: number, multiplier: 1 | 1.33 | 1.5, extraSeconds: number) =>
      grantedSeconds(
        freezeTerms(
          { ...DEFAULT_POLICY, durationSeconds },
          { ...NO_ACCOMMODATION, multiplier, extraSeconds },
        ),
      )
    expect(granted(1800, 1.33, 0)).toBe(2394)
    expect(granted(1800, 1.5, 300)).toBe(3000)
    expect(granted(1801, 1.33, 0)).toBe(2396)
  })

  it('[IDN-01] entry opens at its moment, not before', () => {
    const day = dayIn('scheduled')
    const entering = { type: 'enter', terms: day.terms, profile: HOME } as const
    expect(day.at(APPOINTMENT - 30 * MINUTE - 1).refusal(CANDIDATE, entering)).toBe('entry-not-open')
    expect(day.at(APPOINTMENT - 30 * MINUTE).types(CANDIDATE, entering)).toEqual(['entered'])
    expect(day.in('preparing').presence.lease).toBe(1)
  })

  it('[IDN-01.2] who never came is a no-show at the late limit, even when the click comes first', () => {
    const day = dayIn('scheduled').at(APPOINTMENT + 10 * MINUTE)
    expect(dueAt(day.in('scheduled'))).toBe(day.now)
    expect(day.refusal(CANDIDATE, { type: 'enter', terms: day.terms, profile: HOME })).toBe('no-show')
    expect(day.expire()).toEqual(['no-show'])
    expect(day.in('no-show')).toMatchObject({ reason: 'absent', at: APPOINTMENT + 10 * MINUTE })
  })

  it('[IDN-01.2] who came in time has the whole time to reach the queue', () => {
    const day = dayIn('scheduled').at(APPOINTMENT + 9 * MINUTE)
    day.tell(CANDIDATE, { type: 'enter', terms: day.terms, profile: HOME })
    expect(dueAt(day.in('preparing'))).toBe(APPOINTMENT + 39 * MINUTE)
    day.at(APPOINTMENT + 39 * MINUTE).expire()
    expect(day.in('no-show').reason).toBe('entry-unfinished')
  })

  it('[TIM-02.4] an outage during entry gives the time to come in anew, told once or twice', () => {
    const day = dayIn('scheduled').at(APPOINTMENT + 20 * MINUTE)
    const outage = { type: 'outage', from: APPOINTMENT - MINUTE, to: day.now } as const
    expect(day.types(SYSTEM, outage)).toEqual(['entry-extended'])
    expect(day.types(SYSTEM, outage)).toEqual([])
    expect(day.in('scheduled').booking.window.closesAt).toBe(APPOINTMENT + 30 * MINUTE)
    expect(day.expire()).toEqual([])
  })

  it('[TIM-02.4] an outage before entry opened, or after it closed, changes nothing', () => {
    const day = dayIn('scheduled').at(APPOINTMENT)
    const before = { type: 'outage', from: APPOINTMENT - 60 * MINUTE, to: APPOINTMENT - 30 * MINUTE } as const
    expect(day.types(SYSTEM, before)).toEqual([])
    const late = { type: 'outage', from: APPOINTMENT + 10 * MINUTE, to: APPOINTMENT + 12 * MINUTE } as const
    expect(day.at(APPOINTMENT + 12 * MINUTE).types(SYSTEM, late)).toEqual([])
  })

  it('[ADM-01] a window that cannot be is refused', () => {
    const booking = bookingOf(new ExamDay().terms)
    const window = { ...booking.window, closesAt: booking.window.appointmentAt }
    expect(new ExamDay().refusal(REGISTRAR, { type: 'schedule', booking: { ...booking, window } })).toBe(
      'window-invalid',
    )
    expect(dayIn('scheduled').refusal(REGISTRAR, { type: 'reschedule', window })).toBe('window-invalid')
    expect(new ExamDay().refusal(CANDIDATE, { type: 'schedule', booking })).toBe('not-permitted')
  })

  it('[ADM-01] an appointment moves before the day', () => {
    const day = dayIn('scheduled')
    const later = entryWindow(day.terms, APPOINTMENT + 60 * MINUTE, APPOINTMENT + 240 * MINUTE)
    day.tell(REGISTRAR, { type: 'reschedule', window: later })
    expect(dueAt(day.in('scheduled'))).toBe(APPOINTMENT + 70 * MINUTE)
  })
})

describe('the steps', () => {
  it('[IDN-02.1] each step names the first one that is missing', () => {
    const day = dayIn('preparing')
    const equipment = { type: 'recordEquipment', reportId, verdict: 'pass' } as const
    expect(day.refusal(CANDIDATE, joining)).toBe('information-missing')
    expect(day.refusal(CANDIDATE, equipment)).toBe('information-missing')
    day.tell(CANDIDATE, { type: 'acknowledgeInformation', version: 'v1' })
    expect(day.refusal(CANDIDATE, { type: 'confirmName', exact: true })).toBe('equipment-missing')
    day.tell(CANDIDATE, equipment)
    expect(day.refusal(CANDIDATE, face)).toBe('name-missing')
    day.tell(CANDIDATE, { type: 'confirmName', exact: true })
    day.tell(CANDIDATE, face)
    expect(day.refusal(CANDIDATE, joining)).toBe('photo-missing')
    day.tell(CANDIDATE, { type: 'skipPhoto', photo: 'document' })
    expect(day.types(CANDIDATE, joining)).toEqual(['joined'])
  })

  it('[CHK-06] only a failed check keeps a candidate out, and can be done again', () => {
    const day = dayIn('preparing')
    day.tell(CANDIDATE, { type: 'acknowledgeInformation', version: 'v1' })
    day.tell(CANDIDATE, { type: 'recordEquipment', reportId, verdict: 'fail' })
    expect(day.refusal(CANDIDATE, { type: 'confirmName', exact: true })).toBe('equipment-unfit')
    day.tell(CANDIDATE, { type: 'recordEquipment', reportId, verdict: 'unknown' })
    expect(day.refusal(CANDIDATE, { type: 'confirmName', exact: true })).toBeNull()
  })

  it('[IDN-04.1] a no to the name is noted and stops nothing', () => {
    const day = dayIn('preparing')
    day.tell(CANDIDATE, { type: 'acknowledgeInformation', version: 'v1' })
    day.tell(CANDIDATE, { type: 'recordEquipment', reportId, verdict: 'pass' })
    day.tell(CANDIDATE, { type: 'confirmName', exact: false })
    expect(day.in('preparing').entry.name).toEqual({ exact: false, at: day.now })
    expect(day.refusal(CANDIDATE, face)).toBeNull()
  })

  it('[IDN-03.1] refusing the information can be taken back', () => {
    const day = dayIn('preparing')
    day.tell(CANDIDATE, { type: 'refuseInformation', version: 'v1' })
    expect(day.refusal(CANDIDATE, joining)).toBe('information-missing')
    day.tell(CANDIDATE, { type: 'acknowledgeInformation', version: 'v1' })
    expect(day.in('preparing').entry.information?.answer).toBe('acknowledged')
  })

  it('[IDN-03.1] left at that, it is a cancellation and no absence', () => {
    const day = dayIn('preparing')
    day.tell(CANDIDATE, { type: 'refuseInformation', version: 'v1' })
    day.at(APPOINTMENT + 60 * MINUTE).expire()
    expect(day.in('cancelled').reason.code).toBe('information-refused')
  })

  it('[IDN-05.1] photos follow the policy', () => {
    const photos = { document: 'required', 'second-document': 'off', face: 'skippable' } as const
    const day = dayIn('preparing', { photos })
    day.tell(CANDIDATE, { type: 'acknowledgeInformation', version: 'v1' })
    day.tell(CANDIDATE, { type: 'recordEquipment', reportId, verdict: 'pass' })
    day.tell(CANDIDATE, { type: 'confirmName', exact: true })
    expect(day.refusal(CANDIDATE, { type: 'skipPhoto', photo: 'document' })).toBe('photo-required')
    expect(day.refusal(CANDIDATE, { type: 'skipPhoto', photo: 'second-document' })).toBe('photo-not-asked')
    day.tell(CANDIDATE, { ...face, photo: 'document' })
    day.tell(CANDIDATE, { ...face, photo: 'document', digest: hash(99) })
    expect(day.in('preparing').entry.photos.document).toMatchObject({ digest: hash(99) })
    day.tell(CANDIDATE, { type: 'skipPhoto', photo: 'face' })
    expect(day.refusal(CANDIDATE, joining)).toBeNull()
  })

  it('[IDN-07.1] joining needs the room, all three media and the recording announced', () => {
    const day = dayIn('preparing')
    day.tell(CANDIDATE, { type: 'acknowledgeInformation', version: 'v1' })
    day.tell(CANDIDATE, { type: 'recordEquipment', reportId, verdict: 'pass' })
    day.tell(CANDIDATE, { type: 'confirmName', exact: true })
    day.tell(CANDIDATE, { type: 'skipPhoto', photo: 'document' })
    day.tell(CANDIDATE, { type: 'skipPhoto', photo: 'face' })
    expect(day.refusal(CANDIDATE, { ...joining, roomConfirmed: false })).toBe('room-unconfirmed')
    expect(day.refusal(CANDIDATE, { ...joining, sharing: ['camera', 'microphone'] })).toBe('media-missing')
    expect(day.refusal(CANDIDATE, { ...joining, recordingAnnounced: false })).toBe('recording-unannounced')
    expect(day.types(CANDIDATE, joining)).toEqual(['joined'])
    expect(day.in('waiting').entry.recordingSince).toBe(day.now)
  })

  it('[IDN-03] without recording by policy nothing is announced nor recorded', () => {
    expect(dayIn('waiting', { recorded: false }).in('waiting').entry.recordingSince).toBeNull()
  })

  it('[IDN-08.1] time in our queue never makes a no-show', () => {
    const day = dayIn('waiting').at(APPOINTMENT + 3 * 60 * MINUTE)
    expect(day.expire()).toEqual(['escalated'])
    expect(day.in('waiting').escalatedAt).toBe(day.in('waiting').since + 1800 * SECOND)
  })

  it('[ROOM-05.2] before the queue another device does equipment and face again', () => {
    const day = dayIn('preparing')
    day.tell(CANDIDATE, { type: 'acknowledgeInformation', version: 'v1' })
    day.tell(CANDIDATE, { type: 'recordEquipment', reportId, verdict: 'pass' })
    day.tell(CANDIDATE, { type: 'takeLease', profile: HOME })
    expect(day.in('preparing').entry.equipment).not.toBeNull()
    day.tell(CANDIDATE, { type: 'takeLease', profile: OTHER_DEVICE })
    expect(day.in('preparing').entry).toMatchObject({
      equipment: null,
      information: { answer: 'acknowledged' },
    })
  })
})
