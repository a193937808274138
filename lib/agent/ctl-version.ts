import { askDaemon } from './ctl-ask.ts'
import type { CtlVerb } from './ctl-call.ts'
import { renderSpan, renderText } from './ctl-text.ts'

/** `version`: of bootctl and of the agent-spawn that runs, with a warning when they differ (B58). */
export const version: CtlVerb = async ({ place, out }) => {
  await out.line(`bootctl (fleetutils) ${place.version}`)
  const { version, pid, uptime, feature } = await askDaemon(place, { ask: 'version' })
  const groups = (feature & 1) === 1 ? 'with' : 'without'
  await out.line(
    `agent-spawn (fleetutils) ${renderText(version)}, pid ${pid}, up ${renderSpan(uptime)}, ${groups} cgroups`,
  )
  if (version !== place.version) {
    out.say('warning', `agent-spawn runs version ${version}, and this is ${place.version}: it was not restarted yet`)
  }
  return []
}
