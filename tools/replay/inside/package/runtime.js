export * from '../../../../dist/inert.js'
