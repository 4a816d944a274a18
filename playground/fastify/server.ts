import { fastify } from 'fastify'
import { startRestocking } from './src/restock.ts'
import { orderRoutes } from './src/routes/orders.ts'
import { productRoutes } from './src/routes/products.ts'
import { statusRoutes } from './src/routes/status.ts'

const app = fastify()

app.get('/', async () => 'Hello, the shop is open at /products')
app.register(productRoutes, { prefix: '/products' })
app.register(orderRoutes, { prefix: '/orders' })
app.register(statusRoutes, { prefix: '/status' })

startRestocking()

const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })
console.log(`listening on ${address}`)
