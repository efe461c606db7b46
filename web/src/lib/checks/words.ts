import type { Cause, Remedy } from '@vigie/checks/verdict/causes'
import type { CheckItem } from '@vigie/checks/verdict/measurements'
import type { ReadingName } from '@vigie/checks/verdict/reading'
import { m } from '#lib/paraglide/messages.js'

/*
 * Codes of the equipment check in words. Every code has some: a new one does not compile here until it has
 * (web/messages/checks).
 */

const ITEMS: { readonly [code in CheckItem]: () => string } = {
  system: m.checks_item_system,
  browser: m.checks_item_browser,
  screens: m.checks_item_screens,
  camera: m.checks_item_camera,
  microphone: m.checks_item_microphone,
  bandwidth: m.checks_item_bandwidth,
  recording: m.checks_item_recording,
  share: m.checks_item_share,
}

const READINGS: { readonly [code in ReadingName]: () => string } = {
  'system-name': m.checks_reading_system_name,
  'browser-name': m.checks_reading_browser_name,
  'camera-access': m.checks_reading_camera_access,
  'camera-size': m.checks_reading_camera_size,
  'camera-rate': m.checks_reading_camera_rate,
  'camera-light': m.checks_reading_camera_light,
  'camera-motion': m.checks_reading_camera_motion,
  'camera-origin': m.checks_reading_camera_origin,
  'microphone-access': m.checks_reading_microphone_access,
  'microphone-level': m.checks_reading_microphone_level,
  'microphone-over-noise': m.checks_reading_microphone_over_noise,
  'bandwidth-access': m.checks_reading_bandwidth_access,
  'bandwidth-down': m.checks_reading_bandwidth_down,
  'bandwidth-up': m.checks_reading_bandwidth_up,
  'bandwidth-round-trip': m.checks_reading_bandwidth_round_trip,
  'bandwidth-jitter': m.checks_reading_bandwidth_jitter,
  'screens-count': m.checks_reading_screens_count,
  'share-access': m.checks_reading_share_access,
  'share-surface': m.checks_reading_share_surface,
  'recording-access': m.checks_reading_recording_access,
  'recording-speed': m.checks_reading_recording_speed,
  'recording-storage': m.checks_reading_recording_storage,
}

const CAUSES: { readonly [code in Cause]: () => string } = {
  'not-measured': m.checks_cause_not_measured,
  'page-hidden': m.checks_cause_page_hidden,
  'system-refused': m.checks_cause_system_refused,
  'system-too-old': m.checks_cause_system_too_old,
  'system-version-untold': m.checks_cause_system_version_untold,
  'system-mobile': m.checks_cause_system_mobile,
  'system-unrecognised': m.checks_cause_system_unrecognised,
  'browser-refused': m.checks_cause_browser_refused,
  'browser-too-old': m.checks_cause_browser_too_old,
  'browser-version-untold': m.checks_cause_browser_version_untold,
  'browser-unrecognised': m.checks_cause_browser_unrecognised,
  'camera-refused': m.checks_cause_camera_refused,
  'camera-dismissed': m.checks_cause_camera_dismissed,
  'camera-blocked-by-system': m.checks_cause_camera_blocked_by_system,
  'camera-busy': m.checks_cause_camera_busy,
  'camera-absent': m.checks_cause_camera_absent,
  'camera-unplugged': m.checks_cause_camera_unplugged,
  'camera-unsupported': m.checks_cause_camera_unsupported,
  'camera-failed': m.checks_cause_camera_failed,
  'camera-too-small': m.checks_cause_camera_too_small,
  'camera-too-slow': m.checks_cause_camera_too_slow,
  'camera-black': m.checks_cause_camera_black,
  'camera-frozen': m.checks_cause_camera_frozen,
  'camera-dark': m.checks_cause_camera_dark,
  'camera-glare': m.checks_cause_camera_glare,
  'camera-virtual': m.checks_cause_camera_virtual,
  'microphone-refused': m.checks_cause_microphone_refused,
  'microphone-dismissed': m.checks_cause_microphone_dismissed,
  'microphone-blocked-by-system': m.checks_cause_microphone_blocked_by_system,
  'microphone-busy': m.checks_cause_microphone_busy,
  'microphone-absent': m.checks_cause_microphone_absent,
  'microphone-unplugged': m.checks_cause_microphone_unplugged,
  'microphone-unsupported': m.checks_cause_microphone_unsupported,
  'microphone-failed': m.checks_cause_microphone_failed,
  'microphone-silent': m.checks_cause_microphone_silent,
  'microphone-too-quiet': m.checks_cause_microphone_too_quiet,
  'microphone-in-noise': m.checks_cause_microphone_in_noise,
  'bandwidth-down-too-low': m.checks_cause_bandwidth_down_too_low,
  'bandwidth-up-too-low': m.checks_cause_bandwidth_up_too_low,
  'bandwidth-slow-to-answer': m.checks_cause_bandwidth_slow_to_answer,
  'bandwidth-unsteady': m.checks_cause_bandwidth_unsteady,
  'bandwidth-unreachable': m.checks_cause_bandwidth_unreachable,
  'bandwidth-capped': m.checks_cause_bandwidth_capped,
  'screens-several': m.checks_cause_screens_several,
  'screens-untold': m.checks_cause_screens_untold,
  'share-refused': m.checks_cause_share_refused,
  'share-dismissed': m.checks_cause_share_dismissed,
  'share-blocked-by-system': m.checks_cause_share_blocked_by_system,
  'share-busy': m.checks_cause_share_busy,
  'share-absent': m.checks_cause_share_absent,
  'share-unplugged': m.checks_cause_share_unplugged,
  'share-unsupported': m.checks_cause_share_unsupported,
  'share-failed': m.checks_cause_share_failed,
  'share-window': m.checks_cause_share_window,
  'share-tab': m.checks_cause_share_tab,
  'share-untold': m.checks_cause_share_untold,
  'recording-too-slow': m.checks_cause_recording_too_slow,
  'recording-unsupported': m.checks_cause_recording_unsupported,
  'recording-failed': m.checks_cause_recording_failed,
  'storage-too-small': m.checks_cause_storage_too_small,
  'storage-untold': m.checks_cause_storage_untold,
}

const REMEDIES: { readonly [code in Remedy]: () => string } = {
  'use-admitted-system': m.checks_remedy_use_admitted_system,
  'update-system': m.checks_remedy_update_system,
  'use-computer': m.checks_remedy_use_computer,
  'get-browser': m.checks_remedy_get_browser,
  'update-browser': m.checks_remedy_update_browser,
  'allow-camera': m.checks_remedy_allow_camera,
  'allow-camera-in-system': m.checks_remedy_allow_camera_in_system,
  'close-camera-programs': m.checks_remedy_close_camera_programs,
  'plug-camera': m.checks_remedy_plug_camera,
  'choose-camera': m.checks_remedy_choose_camera,
  'uncover-camera': m.checks_remedy_uncover_camera,
  'restart-camera': m.checks_remedy_restart_camera,
  'add-light': m.checks_remedy_add_light,
  'turn-from-light': m.checks_remedy_turn_from_light,
  'use-real-camera': m.checks_remedy_use_real_camera,
  'keep-page-visible': m.checks_remedy_keep_page_visible,
  'allow-microphone': m.checks_remedy_allow_microphone,
  'allow-microphone-in-system': m.checks_remedy_allow_microphone_in_system,
  'close-microphone-programs': m.checks_remedy_close_microphone_programs,
  'plug-microphone': m.checks_remedy_plug_microphone,
  'choose-microphone': m.checks_remedy_choose_microphone,
  'unmute-microphone': m.checks_remedy_unmute_microphone,
  'speak-closer': m.checks_remedy_speak_closer,
  'quieten-room': m.checks_remedy_quieten_room,
  'use-wired-network': m.checks_remedy_use_wired_network,
  'free-the-line': m.checks_remedy_free_the_line,
  'wait-and-repeat': m.checks_remedy_wait_and_repeat,
  'check-connection': m.checks_remedy_check_connection,
  'unplug-screens': m.checks_remedy_unplug_screens,
  'show-screens-by-mirror': m.checks_remedy_show_screens_by_mirror,
  'share-again': m.checks_remedy_share_again,
  'share-whole-screen': m.checks_remedy_share_whole_screen,
  'allow-screen-in-system': m.checks_remedy_allow_screen_in_system,
  'close-programs': m.checks_remedy_close_programs,
  'free-storage': m.checks_remedy_free_storage,
  'repeat-step': m.checks_remedy_repeat_step,
}

/** The name of a line of the sheet. */
export const itemName = (item: CheckItem): string => ITEMS[item]()

/** The name of one value of a line. */
export const readingName = (name: ReadingName): string => READINGS[name]()

/** Why a value is no plain pass. */
export const causeInWords = (cause: Cause): string => CAUSES[cause]()

/** What to do about it. */
export const remedyInWords = (remedy: Remedy): string => REMEDIES[remedy]()
