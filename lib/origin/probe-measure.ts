import { readFile, stat } from 'node:fs/promises'
import { reasonOf } from '../errors.ts'
import { toServerName } from '../model/names.ts'
import { combine, type Measured, type SampledPart } from './probe-combine.ts'
import { BODY_MOST, renderRequest } from './probe-request.ts'
import { transfer, type Wire } from './probe-transfer.ts'
import type { Part, Unit } from './probe-unit.ts'
import { type Exchange, localFailure, type Sample } from './probe-wire.ts'

/** The POST bodies of a round, each file read once; what went wrong in place of one that cannot be sent. */
export type Bodies = ReadonlyMap<string, Uint8Array | Error>

/** Reads the body files that the units send. */
export async function readBodies(units: readonly Unit[]): Promise<Bodies> {
  const bodies = new Map<string, Uint8Array | Error>()
  for (const file of new Set(units.flatMap(unit => unit.parts.map(part => part.request.body_file)))) {
    if (file === null) continue
    try {
      if ((await stat(file)).size > BODY_MOST) throw new Error(`larger than ${BODY_MOST} bytes`)
      bodies.set(file, await readFile(file))
    } catch (error) {
      bodies.set(file, new Error(`body file '${file}': ${reasonOf(error)}`))
    }
  }
  return bodies
}

/** Makes all probes of a unit, one after the other, and combines them. `over` tells that the round has ended. */
export async function measure(unit: Unit, wire: Wire, bodies: Bodies, over: () => boolean): Promise<Measured> {
  const parts: SampledPart[] = []
  for (const part of unit.parts)
    parts.push({ weight: part.weight, samples: await sample(unit, part, wire, bodies, over) })
  return combine(parts, unit.codes)
}

/** What is told of a unit whose turn did not come before the round's time limit. */
export function notMeasured(unit: Unit): Measured {
  const samples = [localFailure('the round ended before it was measured')]
  return { ...combine([{ weight: 100, samples }], unit.codes), times: 0 }
}

async function sample(unit: Unit, part: Part, wire: Wire, bodies: Bodies, over: () => boolean): Promise<Sample[]> {
  let exchange: Exchange
  try {
    exchange = toExchange(unit, part, bodies)
  } catch (error) {
    return [localFailure(reasonOf(error))]
  }
  const samples: Sample[] = []
  while (samples.length < unit.times && !(over() && samples.length > 0)) samples.push(await transfer(exchange, wire))
  return samples
}

function toExchange({ ip, port, way, limit, timeout }: Unit, part: Part, bodies: Bodies): Exchange {
  const { verb, host, body_file: file } = part.request
  const body = file === null ? undefined : bodies.get(file)
  if (body instanceof Error) throw body
  return {
    ip,
    port,
    way,
    verb,
    request: way === 'TCP' ? new Uint8Array() : renderRequest(part, body),
    serverName: toServerName(host),
    limit,
    timeout,
  }
}
