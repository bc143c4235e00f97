/** The ranking of the tenants. */
export const tenants = {
  'tenants.waiting': 'Waiting for the first figures of the tenants.',
} as const
