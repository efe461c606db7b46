import { z } from 'zod'

/** The schema of a branded id: parsing is the only way to make one. */
export const idOf = <Id extends string>() => z.uuid() as unknown as z.ZodType<Id, string>
