/** Left of both drawings, rem: the longest label of a rate fits, and an instant of one stands under that of the other. */
export const CHART_GUTTER = 6.5
