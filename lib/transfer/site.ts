import type { Place } from './place.ts'
import type { Manners, Site } from './source.ts'

/** How a file is reached, by the scheme of its URL; what the others need is not loaded. */
export async function siteOf(place: Place, manners: Manners): Promise<Site> {
  switch (place.scheme) {
    case 'ftp':
    case 'ftps':
      return (await import('./source-ftp.ts')).ftpSite(place, manners)
    case 'http':
    case 'https':
      return (await import('./source-http.ts')).httpSite(place, manners)
    case 'file':
      return (await import('./source-file.ts')).fileSite(place)
    default:
      return place.scheme satisfies never
  }
}
