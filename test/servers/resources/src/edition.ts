/** Read by every unit that creates something: an edit makes all of them run again. */
export const EDITION: number = 0
