/** The bucket bounds that vLLM and NIM have, in their order; tokens or seconds. */

/** 1, 2, 5 and their tenfolds up to the longest context, as both engines build them. */
export const TOKEN_SIZES = [1, 10, 100, 1000, 10_000, 100_000]
  .flatMap((power) => [power, 2 * power, 5 * power])
  .filter((bound) => bound <= 131_072)
export const STEP_TOKENS = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384]
export const SAMPLES = [1, 2, 5, 10, 20]

export const FIRST_TOKEN_SECONDS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
  2560,
]
export const TOKEN_SECONDS = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
]
export const REQUEST_SECONDS = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
]

/** Of the HTTP layer in front of vLLM (prometheus-fastapi-instrumentator). */
export const HTTP_SECONDS = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60,
]
export const HTTP_FEW_SECONDS = [0.1, 0.5, 1]

export const NIM_FIRST_TOKEN_SECONDS = FIRST_TOKEN_SECONDS.filter((bound) => bound <= 10)
export const NIM_TOKEN_SECONDS = TOKEN_SECONDS.filter((bound) => bound <= 2.5)
export const NIM_REQUEST_SECONDS = [1, 2.5, 5, 10, 15, 20, 30, 40, 50, 60]
