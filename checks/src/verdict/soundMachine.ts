import type { Measurements } from './measurements.ts'

/** A machine that passes every line of the default policy without a warning. Tests change one thing at a time. */
export const soundMachine = {
  system: {
    family: 'windows',
    name: 'Windows 11',
    version: '11.0',
    formFactor: 'desktop',
    source: 'client-hints',
  },
  browser: { family: 'chrome', name: 'Google Chrome', major: 156, source: 'client-hints' },
  camera: {
    outcome: 'measured',
    label: 'Integrated Webcam',
    width: 640,
    height: 480,
    framesPerSecond: 15,
    meanLuma: 120,
    frameDifference: 2,
    observedMs: 3000,
    pageHidden: false,
  },
  microphone: {
    outcome: 'measured',
    label: 'Built-in microphone',
    noiseDbfs: -60,
    speechDbfs: -25,
    observedMs: 3000,
  },
  bandwidth: {
    outcome: 'measured',
    downKbps: 20_000,
    upKbps: 5_000,
    roundTripMs: 30,
    jitterMs: 5,
    downBytes: 8_000_000,
    upBytes: 4_000_000,
  },
  screens: { extended: false, width: 1440, height: 900 },
  share: { outcome: 'measured', surface: 'monitor', width: 1440, height: 900 },
  recording: {
    outcome: 'measured',
    codec: 'avc',
    mediaMs: 2000,
    encodeMs: 400,
    bytes: 60_000,
    storageBytes: 5_000_000_000,
  },
} as const satisfies Measurements
