/** Every number of the damping in one place (damping 8.5). Tune them by replay: `bench/replay.ts`. */
export const DAMPING = {
  /** Results kept a unit: health and score look at these. */
  results: 5,
  /** Failures in a row, or of the last `results`, that take a unit down. */
  fall: 3,
  /** Successes in a row that bring it up again. */
  rise: 2,
  /** Samples the median needs; with fewer the largest counts. */
  medianLeast: 3,
  /** Seconds: what a failure counts where neither the target nor the command line says. */
  timeout: 3,
  /** Good until the score passes the good time times this. */
  leaveGood: 1.2,
  /** Seconds and share above the best within which addresses are equal; the larger counts. */
  bandSeconds: 0.02,
  bandShare: 0.1,
  /** Percent and seconds by which another set must be faster; `S%P` in column 6 replaces the percentage. */
  marginPercent: 20,
  marginSeconds: 0.02,
  /** Of all comparisons of their last results, the share that the faster must win, each by this part of the margin. */
  winShare: 0.98,
  winMargin: 0.75,
  /** Rounds in a row that a reason to switch must last. */
  confirmRounds: 3,
  /** Seconds between two voluntary switches of a domain. */
  hold: 300,
  /** Seconds an address stays away after coming back; doubles with each failure within `failureMemory`. */
  failbackLeast: 60,
  failbackMost: 1800,
  failureMemory: 3600,
  /** An address that left the set more often than this within so many rounds is flapping. */
  flapLeaves: 4,
  flapRounds: 21,
  /** Share of the units up before that fail in one round: above it the host is blind. */
  blindShare: 0.5,
  /** Above it the round waits for the peer's agreement, or `massRounds`. */
  waitShare: 0.3,
  /** What may fail besides one address, as a share, for that address alone to explain the round. */
  strayShare: 0.1,
  /** A mass failure is believed in this round of it. */
  massRounds: 3,
  /** The same where nothing answers at all: far more often this host than every origin. */
  silenceRounds: 30,
  /** Share of the failing addresses that the peer must show as down to agree. */
  peerShare: 0.5,
  /** Seconds the last verified set of a domain may be old, and a domain may be gone, before they are forgotten. */
  lastGood: 86400,
  forget: 86400,
} as const
