/** The words of a record line's status (formats, 8.2). In a file of its own: readers of the zone need no schemas. */
export const STATUSES = ['ip_work', 'ip_good', 'ip_bad', 'ip_down', 'no_detect'] as const
