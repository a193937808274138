/** What is asked of yum, NAME-VERSION (B49). */
export const YUM_SPEC = /^[A-Za-z0-9][\w.+~^:-]*-[\w.+~^:-]+$/

/** What is asked of apt-get, NAME=VERSION (B49). */
export const APT_SPEC = /^([a-z0-9][a-z0-9.+-]*)=([A-Za-z0-9][\w.+~:-]*)$/

/** Whether it is `yum:NAME-VERSION` or `apt:NAME=VERSION`. */
export function isRepositoryPackage(text: string): boolean {
  const [tool, spec] = [text.slice(0, 4), text.slice(4)]
  return (tool === 'yum:' && YUM_SPEC.test(spec)) || (tool === 'apt:' && APT_SPEC.test(spec))
}
