import pg from 'pg'

/** Asks the database of a running stack, by a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
  { databaseUrl }: { readonly databaseUrl: string },
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query<Row>(text, [...values])).rows
  } finally {
    await client.end()
  }
}
