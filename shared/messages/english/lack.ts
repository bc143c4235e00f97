/** Why a question about tokens cannot be answered: whole sentences. */
export const lack = {
  'lack.tenant': '{backend} does not distinguish tenants.',
  'lack.model': '{backend} does not distinguish models.',
  'lack.endpoint': '{backend} does not distinguish endpoints.',
  'lack.gpuType': '{backend} does not distinguish GPU types.',

  'lack.served.tenants': 'Inference servers know no tenants, so who used the tokens is not known.',
  'lack.served.tenant': 'Inference servers know no tenants, so served tokens cannot be narrowed to one.',
  'lack.served.tenant.model':
    'Inference servers know no tenants, so served tokens by model cannot be narrowed to one.',
  'lack.served.tenant.endpoint':
    'Inference servers know no tenants, so served tokens by endpoint cannot be narrowed to one.',
  'lack.served.tenant.gpuType':
    'Inference servers know no tenants, so served tokens by GPU type cannot be narrowed to one.',
  'lack.served.unnamed.model':
    'Inference servers name no models, so what they served cannot be narrowed to one.',
  'lack.served.unnamed.endpoint':
    'Inference servers name no endpoints, so what they served cannot be narrowed to one.',
  'lack.served.unknown.model':
    'No inference server names the model {names}; the metering may use another name for it.',
  'lack.served.unknown.endpoint':
    'No inference server names the endpoint {names}; the metering may use another name for it.',
  /** In the place of a name. */
  'lack.served.noName': 'without a name',
} as const
