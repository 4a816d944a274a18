import { type Request, type Response, Router } from 'express'
import { type Shortener, shortener } from '../services/shortener.ts'
import type { Link } from '../store.ts'

class LinkController {
  readonly #shortener: Shortener

  constructor(service: Shortener) {
    this.#shortener = service
  }

  list(_request: Request, response: Response): void {
    response.json({ links: this.#shortener.all().map((link) => this.#present(link)) })
  }

  create(request: Request, response: Response): void {
    const { target } = request.body as { target?: unknown }
    if (typeof target !== 'string' || !URL.canParse(target)) {
      response.status(400).json({ error: 'a link needs a target' })
      return
    }
    response.status(201).json(this.#present(this.#shortener.shorten(target)))
  }

  #present(link: Link): object {
    return { code: link.code, visits: link.visits, text: this.#shortener.describe(link) }
  }
}

const controller = new LinkController(shortener)

export const linkRoutes = Router()

linkRoutes.get('/', controller.list.bind(controller))
linkRoutes.post('/', controller.create.bind(controller))
