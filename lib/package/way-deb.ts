import { resolve } from 'node:path'
import { CommandError } from '../errors.ts'
import type { KeptPackage } from '../model/package-state.ts'
import type { PackageWay } from './package-way.ts'
import { askTool, runTool, type ToolBounds } from './run-tool.ts'
import { lastLines } from './tool-fault.ts'

/** A configuration file that the host has changed stays as it is, without a question. */
const KEEP_CONFIG = ['--force-confdef', '--force-confold']

/** What a package is called by its tool, and its version there. */
export interface ToolName {
  readonly package: string
  readonly release: string
}

/** The way of deb files, by dpkg. */
export function debWay(bounds: ToolBounds): PackageWay {
  return {
    isWhole: kept => isInstalled(kept, bounds.timeout),
    install: async kept => {
      await runTool('dpkg', ['-i', ...KEEP_CONFIG, kept.source], bounds)
      return kept
    },
    retire: (kept, force) => purge(kept, force, bounds),
  }
}

/** The way of `apt:NAME=VERSION`, by apt-get; what nobody asked for is never removed. */
export function aptWay(bounds: ToolBounds): PackageWay {
  const install = async (spec: string) => {
    const options = KEEP_CONFIG.flatMap(option => ['-o', `Dpkg::Options::=${option}`])
    await runTool('apt-get', ['-q', '-y', '--allow-downgrades', '--no-remove', ...options, 'install', spec], bounds)
  }
  return {
    isWhole: kept => isInstalled(kept, bounds.timeout),
    install: async kept => {
      const spec = kept.source.slice('apt:'.length)
      try {
        await install(spec)
      } catch (error) {
        if (!(error instanceof CommandError) || error.fault !== 'no') throw error
        // dpkg was killed at its work, or the lists are older than the version.
        if (error.message.includes('dpkg --configure -a'))
          await runTool('dpkg', ['--configure', '-a', ...KEEP_CONFIG], bounds)
        else await runTool('apt-get', ['-q', 'update'], bounds)
        await install(spec)
      }
      return kept
    },
    retire: (kept, force) => purge(kept, force, bounds),
  }
}

/** What a deb file is called by dpkg. Throws 'data' where it is none. */
export async function readDeb(path: string, timeout: number): Promise<ToolName> {
  const { code, stdout, stderr } = await askTool('dpkg-deb', ['-f', resolve(path), 'Package', 'Version'], timeout)
  const name = /^Package: (\S+)$/m.exec(stdout)?.[1]
  const release = /^Version: (\S+)$/m.exec(stdout)?.[1]
  if (code === 0 && name !== undefined && release !== undefined) return { package: name, release }
  throw new CommandError('data', `'${path}' is a bad package: ${lastLines(stderr) || 'it has no name or version'}`)
}

async function isInstalled(kept: KeptPackage, timeout: number): Promise<boolean> {
  return kept.package !== null && (await statesOf(kept.package, timeout)).includes(`installed ${kept.release}`)
}

/** Status and version for each architecture that dpkg knows of; none where it knows nothing of the package. */
async function statesOf(name: string, timeout: number): Promise<readonly string[]> {
  const { stdout } = await askTool('dpkg-query', ['-s', name], timeout)
  return stdout.split('\n\n').flatMap(text => {
    const status = /^Status: \S+ \S+ (\S+)$/m.exec(text)?.[1]
    const version = /^Version: (\S+)$/m.exec(text)?.[1]
    return status === undefined || status === 'not-installed' ? [] : [`${status} ${version}`]
  })
}

async function purge(kept: KeptPackage, force: boolean, bounds: ToolBounds): Promise<void> {
  if (kept.package === null || (await statesOf(kept.package, bounds.timeout)).length === 0) return
  await runTool('dpkg', ['--purge', ...(force ? ['--force-all'] : []), kept.package], bounds)
}
