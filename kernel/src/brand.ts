declare const brand: unique symbol

/** A value of type `Base` that only a parser can produce: an unparsed string never passes for an id. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }
