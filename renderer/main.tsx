import { start } from './start.tsx'
import { wireFactory } from './transport/connect.ts'

start(window, wireFactory(window))
