// What the hosts of this app put in the global scope, as far as it is used here. Not all of their packages are installed.

interface ImportMeta {
  /** Vite and dynohot have `accept`, hot-hook has `boundary`. */
  readonly hot?: {
    accept(dependency: './src/app.ts', update?: (next: typeof import('./src/app.ts') | undefined) => void): void
    readonly boundary: ImportCallOptions
  }
  readonly webpackHot?: { accept(dependency: string): void }
}

interface ServeOptions {
  readonly port: number
  readonly hostname: string
}

declare const Bun: {
  gc(force: boolean): void
  serve(options: ServeOptions & { fetch(request: Request): Promise<Response> }): void
}

declare const Deno: {
  serve(options: ServeOptions & { handler(request: Request): Promise<Response> }): void
}
