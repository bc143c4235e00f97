/** The public face of the configuration, for the command line and the hosts. */
export { loadConfig, readConfig, type LoadOptions } from './load.ts'
export {
  defaultConfigPath,
  locate,
  type Located,
  locateConfig,
  userStateFolder,
  placesHere,
  userConfigFolder,
  writeNewConfig,
} from './locate.ts'
export { ConfigError, describeProblem, describeProblems } from './problems.ts'
export { openSecret, SecretError, secretName } from './secrets.ts'
export { accept, describeRoutes, isAccepted, refuseForeign, type SecretRoute, secretRoutes } from './trust.ts'
export { renderConfig } from './render.ts'
export { schemaText } from './jsonSchema.ts'
export type * from './types.ts'
