/** Every GPU that the platform has, in the order that the real loader lists them. */
export const ACCELERATORS = [
  "B10",
  "T4",
  "L4",
  "A10G",
  "V100",
  "A100",
  "A100_40GB",
  "H100",
  "H200",
  "H100_40GB",
  "B200",
  "L40S",
  "RTX_PRO_6000",
  "B300",
  "GB300",
] as const;

export type Accelerator = (typeof ACCELERATORS)[number];
