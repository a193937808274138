// The one class of undici that is used: its index loads four times as long.
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici'

  export = Client
}
