import { CommandError } from '../errors.ts'
import type { ControlAnswers } from '../model/control.ts'
import type { Event, Evidence } from '../model/event.ts'

/** What is recorded; `now` in seconds since the epoch. */
export interface NewEvent extends Pick<Event, 'kind' | 'subject' | 'extra' | 'message'> {
  readonly now: number
  readonly evidence?: Evidence
}

/** See ControlAnswers. */
export type EventAnswer = ControlAnswers['events']

/** How many events are kept, and in how much memory, in characters. */
export const EVENTS_MOST = 1000
const CHARACTERS_MOST = 1024 * 1024
/** The longest message of one event, in characters. */
const MESSAGE_MOST = 4096
/** As many may wait for an event at a time. */
const WAITERS_MOST = 64

interface Waiter {
  readonly after: number
  readonly most: number
  readonly resolve: (answer: EventAnswer) => void
  readonly timer: NodeJS.Timeout
}

/** The last events (B51): with ids from 1, in a ring of bounded number and size, so that the memory is always the same. */
export class EventStore {
  readonly #told: (event: Event) => void
  readonly #most: number
  /** As JSON, which takes half of the memory. */
  readonly #ring: (string | undefined)[] = []
  readonly #waiters = new Set<Waiter>()
  /** The ids of the oldest that is kept, and of the last one. */
  #first = 1
  #last = 0
  #characters = 0
  /** The ids of the last one in a report and of the last that a server has taken; how many were lost before that. */
  #reported = 0
  #delivered = 0
  #dropped = 0

  /** `told` gets each event as it is recorded. */
  constructor(told: (event: Event) => void = () => {}, most = EVENTS_MOST) {
    this.#told = told
    this.#most = most
  }

  /** Records what has happened and tells whoever waits for it. */
  add({ now, kind, subject, extra, message, evidence }: NewEvent): Event {
    const event: Event = {
      type: 'event',
      id: this.#last + 1,
      timestamp: Math.floor(now),
      category: 'agent',
      subject,
      extra,
      kind,
      message: message.length > MESSAGE_MOST ? `${message.slice(0, MESSAGE_MOST - 1)}…` : message,
      ...(evidence === undefined ? {} : { evidence }),
    }
    const text = JSON.stringify(event)
    while (this.#last - this.#first + 1 >= this.#most || this.#characters + text.length > CHARACTERS_MOST) {
      if (this.#first > this.#last) break
      this.#forgetFirst()
    }
    this.#last = event.id
    this.#ring[event.id % this.#most] = text
    this.#characters += text.length
    this.#told(event)
    for (const waiter of this.#waiters) this.#answer(waiter)
    return event
  }

  /**
   * The last `most` of the events with an id above `after`. `lost` of them were thrown away; an `after` that has not come
   * yet is of an earlier agent-spawn, or a mistake: nothing comes, and `last` says where the ids are.
   */
  after(after: number, most: number): EventAnswer {
    const events: Event[] = []
    for (let id = Math.max(after + 1, this.#first, this.#last + 1 - most); id <= this.#last; id++) {
      const event = this.#at(id)
      if (event !== null) events.push(event)
    }
    return { events, last: this.#last, lost: Math.max(0, this.#first - 1 - after) }
  }

  /** As `after`; where there is none yet, waits up to `seconds` for one. Throws 'again' when too many are waiting. */
  wait(after: number, most: number, seconds: number): EventAnswer | Promise<EventAnswer> {
    if (after !== this.#last || seconds <= 0) return this.after(after, most)
    if (this.#waiters.size >= WAITERS_MOST)
      throw new CommandError('again', `${WAITERS_MOST} others wait for events already`)
    return new Promise(resolve => {
      const timer = setTimeout(() => this.#answer(waiter), seconds * 1000)
      const waiter: Waiter = { after, most, resolve, timer }
      this.#waiters.add(waiter)
    })
  }

  /** The oldest events that no server has taken yet, at most so many: what the next report carries (B51). */
  undelivered(most: number): readonly Event[] {
    const from = Math.max(this.#first, this.#delivered + 1)
    const events: Event[] = []
    for (let id = from; id <= this.#last && events.length < most; id++) {
      const event = this.#at(id)
      if (event !== null) events.push(event)
    }
    this.#reported = Math.max(this.#reported, events.at(-1)?.id ?? 0)
    return events
  }

  /**
   * A server has taken the events up to this id: they need not be kept for it any more. One that was in no report is of
   * an earlier agent-spawn, which counted others by these ids, and is passed over.
   */
  acknowledge(id: number): void {
    if (id <= this.#reported) this.#delivered = Math.max(this.#delivered, id)
  }

  /** How many events were thrown away since the last call that no server had taken: to be told as one of its own (B9). */
  takeDropped(): number {
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }

  /** Whoever waits is answered: nothing comes any more. */
  close(): void {
    for (const waiter of this.#waiters) this.#answer(waiter)
  }

  #answer(waiter: Waiter): void {
    clearTimeout(waiter.timer)
    this.#waiters.delete(waiter)
    waiter.resolve(this.after(waiter.after, waiter.most))
  }

  #at(id: number): Event | null {
    const text = this.#ring[id % this.#most]
    return text === undefined ? null : (JSON.parse(text) as Event)
  }

  #forgetFirst(): void {
    const place = this.#first % this.#most
    this.#characters -= this.#ring[place]?.length ?? 0
    this.#ring[place] = undefined
    if (this.#first > this.#delivered) this.#dropped++
    this.#first++
  }
}
