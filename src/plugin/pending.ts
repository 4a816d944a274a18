import type { ViteDevServer } from 'vite'
import { Announced } from './announced.ts'
import type { SavedFile } from './batch.ts'
import { Burst } from './burst.ts'

/** chokidar's own, in milliseconds. */
const POLLING_INTERVAL = 100

/** Files whose changes are not in what runs yet. */
export class Pending {
  /** Saved, and in no update yet. */
  readonly saved: Map<string, SavedFile> = new Map()
  /** In an update that failed. Emptied by the next one that does not. */
  readonly behind: Map<string, SavedFile> = new Map()
  /** About to be saved: an update waits for them. */
  readonly announced: Announced = new Announced()
  readonly #burst: Burst

  constructor(server: ViteDevServer) {
    this.#burst = new Burst(pollingInterval(server))
  }

  save(saved: SavedFile): void {
    this.saved.set(saved.file, saved)
    this.#burst.note(saved.file)
  }

  /** What the next update is made of, all that is behind with it. */
  take(): ReadonlyMap<string, SavedFile> {
    // What is behind is sent even if it is transformed to what it was.
    const due = [...this.saved].filter(([file, { before }]) => !before || !this.behind.has(file))
    this.saved.clear()
    return new Map([...this.behind, ...due])
  }

  /** What was saved while an update was made, and belongs to it. Resolves when nothing more is to be expected. */
  async takeMore(): Promise<ReadonlyMap<string, SavedFile>> {
    await this.announced.allDelivered()
    if (this.#burst.isUnderWay) await this.#burst.over(() => this.saved.size > 0)
    const more = new Map(this.saved)
    this.saved.clear()
    return more
  }

  /** An update goes out. What is saved from here on is another. */
  noteUpdate(): void {
    this.#burst.noteUpdate()
  }

  /** An update failed. */
  leaveBehind(files: ReadonlyMap<string, SavedFile>): void {
    for (const [file, { before: _, ...saved }] of files) this.behind.set(file, saved)
  }

  /** What is behind goes out again as if it had been saved. */
  saveBehind(): void {
    for (const [file, saved] of this.behind) this.saved.set(file, saved)
  }

  /** Everything, which is somebody else's from here on. */
  takeAll(): readonly SavedFile[] {
    const all = new Map([...this.behind, ...this.saved])
    this.behind.clear()
    this.saved.clear()
    return [...all.values()]
  }
}

/** How often, in milliseconds, a watcher looks at files that the system does not tell it of. */
function pollingInterval({ config }: ViteDevServer): number | undefined {
  const { watch } = config.server
  return watch?.usePolling ? (watch.interval ?? POLLING_INTERVAL) : undefined
}
