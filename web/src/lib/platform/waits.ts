/** Wait before trying again after `failures` in a row, in milliseconds: 0.5 s doubling to 10 s, drawn between half and all. */
export const retryWait = (failures: number, random: () => number = Math.random): number =>
  Math.min(10_000, 500 * 2 ** Math.min(Math.max(failures - 1, 0), 10)) * (0.5 + random() / 2)
