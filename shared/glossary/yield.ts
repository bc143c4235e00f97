import { terms } from './term.ts'

const FLOOR =
  'the floor: topology, workload labels, activity; the metering’s capacity where the floor has none'
const TOKENS_AND_FLOOR = 'tokens per second of the metering or the servers; GPUs of the floor'

/** What a GPU-hour and a dollar make. Denominators are always named. */
export const YIELD_TERMS = terms({
  gpuCounts: {
    name: 'GPUs active / allocated / provisioned',
    meaning: 'With work on them (activity of 5 % or more), held by a workload, and installed.',
    source: FLOOR,
  },
  tokensPerSecond: {
    name: 'Tokens per second',
    meaning:
      'Input and output tokens: as metered, or as served where the metering does not distinguish GPU types.',
    unit: 'tok/s',
    source: 'the metering, or the inference servers',
  },
  perActiveGpuHour: {
    name: 'Tokens per active GPU-hour',
    meaning: 'Tokens ÷ hours of GPUs with work on them.',
    formula: 'tokens per second × 3600 ÷ active GPUs',
    unit: 'tok',
    source: TOKENS_AND_FLOOR,
  },
  perAllocatedGpuHour: {
    name: 'Tokens per allocated GPU-hour',
    meaning: 'Tokens ÷ hours of GPUs that a workload holds.',
    formula: 'tokens per second × 3600 ÷ allocated GPUs',
    unit: 'tok',
    source: TOKENS_AND_FLOOR,
  },
  perProvisionedGpuHour: {
    name: 'Tokens per provisioned GPU-hour',
    meaning: 'Tokens ÷ hours of GPUs that are installed, used or not.',
    formula: 'tokens per second × 3600 ÷ provisioned GPUs',
    unit: 'tok',
    source: TOKENS_AND_FLOOR,
  },
  againstReference: {
    name: 'Output against the reference',
    meaning:
      'Output tokens per second per active GPU against the reference throughput of the type. References such as MLPerf count generated tokens alone, so input is left out here too.',
    formula: 'output tokens per second ÷ active GPUs ÷ reference',
    unit: '%',
    source: '`economics.referenceTokensPerSecond`, else MLPerf Inference',
  },
  costPerGpuHour: {
    name: 'Cost per GPU-hour',
    meaning: 'What the factory pays for a GPU-hour.',
    unit: 'currency',
    source: '`economics.costPerGpuHour`, else the cost rates of the metering',
  },
  costPerMegatoken: {
    name: 'Cost per Mtok',
    meaning: 'Cost of the provisioned GPU-hours ÷ million tokens.',
    formula: 'cost per GPU-hour ÷ (tokens per second per GPU × 3600) × 10⁶',
    unit: 'currency',
    source: 'cost per GPU-hour; tokens per second',
  },
  spendPerMegatoken: {
    name: 'Spend per Mtok',
    meaning: 'What customers pay at list price ÷ million tokens.',
    unit: 'currency',
    source: 'list prices of the metering (`/v1/rates`)',
  },
  tokensPerCostDollar: {
    name: 'Tokens per dollar of cost',
    meaning: 'Tokens ÷ what the factory pays for the provisioned GPU-hours.',
    formula: 'tokens per second × 3600 ÷ (cost per GPU-hour × provisioned GPUs)',
    unit: 'tok',
    source: 'cost per GPU-hour; tokens per second',
  },
  tokensPerSpendDollar: {
    name: 'Tokens per dollar of spend',
    meaning: 'Tokens ÷ what customers pay for them at list price.',
    formula: 'tokens with a price ÷ their list price',
    unit: 'tok',
    source: 'list prices of the metering (`/v1/rates`)',
  },
  tokensPerJoule: {
    name: 'Tokens per joule',
    meaning: 'Tokens ÷ energy of the boards of the type.',
    formula: 'tokens per second ÷ board power in watts',
    unit: 'tok/J',
    source: '`DCGM_FI_DEV_POWER_USAGE`; tokens per second',
  },
})
