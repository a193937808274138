/** What the thread is given: the file, and the cell that says how far it may read. */
export interface HashOrder {
  readonly fd: number
  /** At least 0: so many bytes are there; below: there are -1 less that, and no more will come. */
  readonly cell: BigInt64Array<SharedArrayBuffer>
}

/**
 * Reads a file as it grows, hashes it and posts the digest. It runs as a thread of its own from its source text, so it
 * refers to nothing outside.
 */
export function hashAsItGrows(): void {
  const { createHash } = process.getBuiltinModule('node:crypto')
  const { readSync } = process.getBuiltinModule('node:fs')
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads')
  const { fd, cell }: HashOrder = workerData
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(512 * 1024)
  let at = 0
  for (;;) {
    const told = Atomics.load(cell, 0)
    const there = Number(told < 0n ? -1n - told : told)
    if (at < there) {
      const got = readSync(fd, buffer, 0, Math.min(buffer.length, there - at), at)
      if (got === 0) throw new Error('it has become shorter')
      hash.update(got === buffer.length ? buffer : buffer.subarray(0, got))
      at += got
    } else if (told < 0n) break
    else Atomics.wait(cell, 0, told)
  }
  parentPort?.postMessage(hash.digest('hex'))
}
