import { open } from 'node:fs/promises'
import { CommandError } from '../errors.ts'
import type { KeptPackage } from '../model/package-state.ts'
import type { PackageWay } from './package-way.ts'
import { askTool, runTool, type ToolBounds } from './run-tool.ts'
import { lastLines } from './tool-fault.ts'
import type { ToolName } from './way-deb.ts'

const FORMAT = '%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n'

/** The way of rpm files, by rpm; an older version takes the place of a newer one. */
export function rpmWay(bounds: ToolBounds): PackageWay {
  return {
    isWhole: kept => isInstalled(kept, bounds.timeout),
    install: async kept => {
      await runTool('rpm', ['-U', '--oldpackage', '--replacepkgs', kept.source], bounds)
      return kept
    },
    retire: (kept, force) => erase(kept, force, bounds),
  }
}

/** The way of `yum:NAME-VERSION`, by dnf, or by yum where there is none. */
export function yumWay(bounds: ToolBounds): PackageWay {
  const yum = async (...words: readonly string[]) => {
    try {
      await runTool('dnf', ['-y', '-q', ...words], bounds)
    } catch (error) {
      if (!(error instanceof CommandError) || error.fault !== 'unavailable') throw error
      await runTool('yum', ['-y', '-q', ...words], bounds)
    }
  }
  const install = async (spec: string) => {
    await yum('install', spec)
    // yum takes a newer one that is installed for good enough.
    if ((await readSpec(spec, bounds.timeout)) === null) await yum('downgrade', spec)
  }
  return {
    isWhole: kept => isInstalled(kept, bounds.timeout),
    install: async kept => {
      const spec = kept.source.slice('yum:'.length)
      try {
        await install(spec)
      } catch (error) {
        if (!(error instanceof CommandError) || error.fault !== 'no') throw error
        await yum('clean', 'expire-cache') // the lists may be older than the version
        await install(spec)
      }
      return { ...kept, ...(await readSpec(spec, bounds.timeout)) }
    },
    retire: (kept, force) => erase(kept, force, bounds),
  }
}

/** What an rpm file is called by rpm. Throws 'data' where it is none. */
export async function readRpm(path: string, timeout: number): Promise<ToolName> {
  // Of a path rpm would make options or patterns.
  const file = await open(path)
  const asked = askTool('rpm', ['-qp', '--nosignature', '--qf', FORMAT, '/dev/fd/3'], timeout, [file.fd])
  const { code, stdout, stderr } = await asked.finally(() => file.close())
  const name = toToolName(stdout)
  if (code === 0 && name !== null) return name
  throw new CommandError('data', `'${path}' is a bad package: ${lastLines(stderr) || 'it has no name or version'}`)
}

/** What is installed under NAME-VERSION; null: nothing is. */
export async function readSpec(spec: string, timeout: number): Promise<ToolName | null> {
  const { code, stdout } = await askTool('rpm', ['-q', '--qf', FORMAT, spec], timeout)
  return code === 0 ? toToolName(stdout) : null
}

function toToolName(line: string): ToolName | null {
  const [, name, release] = /^(\S+) (\S+)\n$/.exec(line) ?? []
  return name === undefined || release === undefined ? null : { package: name, release }
}

/** This release and no other: an upgrade that was killed leaves two. */
async function isInstalled(kept: KeptPackage, timeout: number): Promise<boolean> {
  return kept.package !== null && (await readSpec(kept.package, timeout))?.release === kept.release
}

async function erase(kept: KeptPackage, force: boolean, bounds: ToolBounds): Promise<void> {
  if (kept.package === null) return
  const { code, stdout } = await askTool('rpm', ['-q', kept.package], bounds.timeout)
  if (code !== 0 && stdout.includes('is not installed')) return
  const words = ['-e', '--allmatches']
  try {
    await runTool('rpm', [...words, kept.package], bounds)
  } catch (error) {
    if (!force || !(error instanceof CommandError) || error.fault !== 'no') throw error
    await runTool('rpm', [...words, '--nodeps', '--noscripts', kept.package], bounds)
  }
}
