/** What a server answers when asked, as plain data. */
export type Answer = { readonly value: unknown } | { readonly throws: string }

export type Exports = Record<string, unknown>

/** Asks a server's `probe()`. A throw is an answer like any other. The answer is a copy: servers reuse their arrays. */
export async function ask(exports: Exports): Promise<Answer> {
  const { probe } = exports
  if (typeof probe !== 'function') return { throws: 'The entry exports no probe().' }
  try {
    return { value: structuredClone(await probe()) }
  } catch (error) {
    return { throws: String(error) }
  }
}
