import { CAMERA_CONSTRAINTS } from '@vigie/checks/probes/browser/camera'
import { withChosenDevices } from '@vigie/checks/probes/browser/tracks'
import { rememberedDevice } from '#lib/checks/remembered.ts'

/** Clean speech for the recording and the proctor: the browser's own processing, as in a call. */
const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
}

/**
 * Camera and microphone in one question, those that were chosen in the equipment check; of two cameras the exam opens
 * the one that was checked [CHK-04]. Throws what the browser throws.
 */
export const openDevices = (wanted: { readonly camera: boolean; readonly microphone: boolean }) =>
  withChosenDevices((chosen) =>
    navigator.mediaDevices.getUserMedia({
      video: wanted.camera && { ...CAMERA_CONSTRAINTS, ...chosen(rememberedDevice('camera')) },
      audio: wanted.microphone && { ...MICROPHONE, ...chosen(rememberedDevice('microphone')) },
    }),
  )
