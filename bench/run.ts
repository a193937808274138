// `make bench`: every figure beside its peer's, measured in this run, in turn. `bench/run.ts probe serve` runs some.
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { benchDownload } from './download.ts'
import { benchFilter } from './filter.ts'
import { root } from './measure.ts'
import { benchProbe } from './probe.ts'
import { benchReplay } from './replay.ts'
import { benchReportCost } from './report-cost.ts'
import { benchServe } from './serve.ts'
import { benchStartUp } from './start-up.ts'
import { benchSupervise } from './supervise.ts'

const benches: Readonly<Record<string, () => Promise<void>>> = {
  probe: benchProbe,
  'start-up': benchStartUp,
  serve: benchServe,
  filter: benchFilter,
  replay: benchReplay,
  download: benchDownload,
  supervise: benchSupervise,
  'report-cost': benchReportCost,
}

execFileSync('sh', [join(root, 'test/setup.sh'), 'bench'], { stdio: 'inherit' })
process.stdout.write(`${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}\n`)
const asked = process.argv.slice(2)
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length === 0 || asked.includes(name)) await bench()
}
