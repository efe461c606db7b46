import type { JSONWebKeySet } from 'jose'
import { fetchBytes } from '#lib/platform/http.ts'

/** The keys this server publishes, retired ones too. Throws a `Problem` when it cannot be reached. */
export async function publishedKeys(): Promise<JSONWebKeySet> {
  return JSON.parse(await (await fetchBytes('/.well-known/jwks.json')).text()) as JSONWebKeySet
}
