export const VERSION: number = 0
