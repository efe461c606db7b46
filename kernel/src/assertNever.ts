/** Closes a switch over a union: a new arm fails to compile here, and an unparsed one fails loudly at run time. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
