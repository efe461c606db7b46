import type { EquipmentPolicy } from './policy.ts'

/**
 * What holds where a certification says nothing else (CHK-03…09). Linux is admitted only where a policy names it
 * (FUN-07 and decision 12 of the requirements). The browsers' majors are those of autumn 2026, to
 * begin with: staff keep them up to date in each certification's policy. No date gives them, for makers change their
 * pace, and companies stay weeks behind; one that has grown old admits more, and refuses nobody.
 */
export const defaultPolicy: EquipmentPolicy = {
  items: {
    system: 'compulsory',
    browser: 'compulsory',
    camera: 'compulsory',
    microphone: 'compulsory',
    bandwidth: 'compulsory',
    screens: 'compulsory',
    share: 'compulsory',
    recording: 'compulsory',
    loudspeaker: 'compulsory',
    connection: 'compulsory',
    conditions: 'compulsory',
  },
  systems: [
    { family: 'windows', minimumVersion: '10.0' },
    { family: 'macos', minimumVersion: '12' },
    { family: 'chromeos', minimumVersion: null },
  ],
  browsers: [
    { family: 'chrome', minimumMajor: 154 },
    { family: 'edge', minimumMajor: 154 },
  ],
  camera: {
    minWidth: 640,
    minHeight: 480,
    minFramesPerSecond: 10,
    blackBelowLuma: 10,
    darkBelowLuma: 45,
    glareAboveLuma: 225,
    minFrameDifference: 0.05,
    signalVirtual: true,
  },
  microphone: { minOverNoiseDb: 10, minSpeechDbfs: -50, silentBelowDbfs: -80, maxClippedShare: 0.01 },
  bandwidth: { minDownKbps: 768, minUpKbps: 384, maxRoundTripMs: 400, maxJitterMs: 100 },
  connection: { maxLossShare: 0.05 },
  conditions: { minScreenWidth: 1024, minScreenHeight: 640, maxClockSkewSeconds: 60 },
  screens: { singleOnly: true },
  share: { wholeScreenOnly: true },
  recording: { minSpeed: 1, minStorageBytes: 256_000_000 },
  passValidDays: 7,
}

/** The sources' own: from Windows Vista and Mac OS X 10.5 on (FUN-12), neither Windows XP nor Linux (FUN-07). */
export const funPolicy: EquipmentPolicy = {
  ...defaultPolicy,
  systems: [
    { family: 'windows', minimumVersion: '6.0' },
    { family: 'macos', minimumVersion: '10.5' },
  ],
}

/** The demonstration's: also Linux, plain Chromium and browsers some months old, so that anybody can try it. */
export const demonstrationPolicy: EquipmentPolicy = {
  ...defaultPolicy,
  systems: [...defaultPolicy.systems, { family: 'linux', minimumVersion: null }],
  browsers: [
    { family: 'chrome', minimumMajor: 130 },
    { family: 'edge', minimumMajor: 130 },
    { family: 'chromium', minimumMajor: 130 },
  ],
}
