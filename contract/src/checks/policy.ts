import { BROWSER_FAMILIES, CHECK_ITEMS, SYSTEM_FAMILIES } from '@vigie/checks/verdict/measurements'
import { type EquipmentPolicy, ITEM_DUTIES } from '@vigie/checks/verdict/policy'
import { z } from 'zod'

const luma = z.number().min(0).max(255)
const decibels = z.number().min(-120).max(0)
const share = z.number().min(0).max(1)
const positive = z.number().min(0).max(1e12)

/** A certification's equipment policy, as it is stored, sent to the check page and edited by staff. */
export const equipmentPolicySchema = z.object({
  items: z.record(z.enum(CHECK_ITEMS), z.enum(ITEM_DUTIES)),
  systems: z
    .array(
      z.object({
        family: z.enum(SYSTEM_FAMILIES),
        minimumVersion: z
          .string()
          .regex(/^\d+(\.\d+)*$/)
          .max(40)
          .nullable(),
      }),
    )
    .max(SYSTEM_FAMILIES.length),
  browsers: z
    .array(z.object({ family: z.enum(BROWSER_FAMILIES), minimumMajor: z.number().int().min(0).max(100_000) }))
    .max(BROWSER_FAMILIES.length),
  camera: z.object({
    minWidth: positive,
    minHeight: positive,
    minFramesPerSecond: positive,
    blackBelowLuma: luma,
    darkBelowLuma: luma,
    glareAboveLuma: luma,
    minFrameDifference: luma,
    signalVirtual: z.boolean(),
  }),
  microphone: z.object({
    minOverNoiseDb: z.number().min(0).max(120),
    minSpeechDbfs: decibels,
    silentBelowDbfs: decibels,
    maxClippedShare: share,
  }),
  bandwidth: z.object({
    minDownKbps: positive,
    minUpKbps: positive,
    maxRoundTripMs: positive,
    maxJitterMs: positive,
  }),
  connection: z.object({ maxLossShare: share }),
  conditions: z.object({
    minScreenWidth: positive,
    minScreenHeight: positive,
    maxClockSkewSeconds: positive,
  }),
  screens: z.object({ singleOnly: z.boolean() }),
  share: z.object({ wholeScreenOnly: z.boolean() }),
  recording: z.object({ minSpeed: positive, minStorageBytes: positive }),
  passValidDays: z.number().int().min(0).max(365),
}) satisfies z.ZodType<EquipmentPolicy, EquipmentPolicy>
