/** The little of autocannon that is used here; the package brings no types. */
declare module 'autocannon' {
  interface Options {
    readonly url: string
    readonly connections: number
    /** Seconds. */
    readonly duration: number
  }

  interface Result {
    /** Per second. */
    readonly requests: { readonly average: number; readonly total: number }
    readonly duration: number
    readonly errors: number
    readonly non2xx: number
  }

  export default function autocannon(options: Options): Promise<Result>
}
