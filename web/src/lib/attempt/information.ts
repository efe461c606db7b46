/**
 * Names the text of the Information step that was shown, stored with the acknowledgement [IDN-03]. Change it whenever
 * the words of `attempt_info_…` change in substance.
 */
export const informationVersion = (recorded: boolean): string => `2026-11-${recorded ? 'recorded' : 'live'}`
