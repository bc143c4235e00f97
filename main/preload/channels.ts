/** Names on the connection between preload and shell. Two channels, no payload: everything else goes through the port. */
export const REQUEST_PORT_CHANNEL = 'floorwatch:request-port'
export const PORT_CHANNEL = 'floorwatch:port'

/** `type` of the window message that carries the port into the page; renderer/transport/shell.ts listens for it. */
export const PORT_MESSAGE = 'floorwatch-port'
