import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { safeName, StorageFull, type Storage } from './storage.ts'

export interface S3Options {
  /** For instance `https://s3.example.org`. Buckets are addressed by path. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Most keys of one DeleteObjects request. */
const MOST_DELETED = 1000

/** How S3 servers say that there is no room: the status, or a code of their own where they answer 500 or 403. */
const isFull = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  (error.$metadata.httpStatusCode === 507 ||
    /QuotaExceeded|StorageFull|InsufficientStorage|InsufficientCapacity|NoSpaceLeft|ENOSPC/i.test(
      `${error.name} ${error.message}`,
    ))

/**
 * Objects in a bucket of an S3 server. `check` throws when the bucket cannot be reached or keeps old versions: what is
 * destroyed there would live on.
 */
export function s3Storage(options: S3Options): Storage & { check(): Promise<void>; close(): void } {
  const { bucket } = options
  const client = new S3Client({
    endpoint: options.endpoint,
    region: options.region,
    forcePathStyle: true,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    // A store that hangs must become an error that the page can come back from.
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
  })

  async function* list(folder: string): AsyncIterable<string> {
    let token: string | undefined
    do {
      const page = await client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: `${safeName(folder)}/`,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      )
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key
      token = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (token !== undefined)
  }

  async function removeBatch(names: readonly string[]): Promise<void> {
    const { Errors } = await client.send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Quiet: true, Objects: names.map((Key) => ({ Key })) },
      }),
    )
    if (Errors?.length) throw new Error(`the store kept ${Errors.length} objects: ${Errors[0]!.Code}`)
  }

  return {
    list,
    async put(name, bytes) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: safeName(name),
            Body: bytes,
            ContentType: 'application/octet-stream',
          }),
        )
      } catch (error) {
        throw isFull(error) ? new StorageFull(undefined, { cause: error }) : error
      }
    },
    async get(name) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: safeName(name) }))
        return Body ? Buffer.from(await Body.transformToByteArray()) : null
      } catch (error) {
        if (error instanceof NoSuchKey) return null
        throw error
      }
    },
    async remove(name) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: safeName(name) }))
    },
    async removeAll(folder) {
      let batch: string[] = []
      for await (const name of list(folder)) {
        batch.push(name)
        if (batch.length < MOST_DELETED) continue
        await removeBatch(batch)
        batch = []
      }
      if (batch.length > 0) await removeBatch(batch)
    },
    async free() {
      return null
    },
    async check() {
      await client.send(new HeadBucketCommand({ Bucket: bucket })).catch((error: unknown) => {
        throw new Error(`the bucket ${bucket} cannot be used at ${options.endpoint}`, { cause: error })
      })
      const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }))
      if (Status !== undefined) {
        throw new Error(
          `the bucket ${bucket} keeps old versions (${Status}): what is destroyed there would live on. Use one that has never been versioned`,
        )
      }
    },
    close: () => client.destroy(),
  }
}
