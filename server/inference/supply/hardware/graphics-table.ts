// Memory bandwidth of graphics devices by their names, in gigabytes a second (makers' data sheets); first match wins.

const ROWS: readonly (readonly [name: RegExp, bandwidth: number])[] = [
  [/H200/, 4800],
  [/H100/, 3350],
  [/A100/, 2039],
  [/\bL40S?\b/, 864],
  [/\bL4\b/, 300],
  [/\bT4\b/, 320],
  [/5090/, 1792],
  [/5080/, 960],
  [/5070 Ti/, 896],
  [/5070/, 672],
  [/5060/, 448],
  [/4090/, 1008],
  [/4080/, 717],
  [/4070/, 504],
  [/4060/, 272],
  [/3090/, 936],
  [/3080/, 760],
  [/3070/, 448],
  [/3060/, 360],
  [/7900 XTX/, 960],
  [/7900 XT/, 800],
  [/7800 XT/, 624],
  [/7600/, 288],
  [/M[23] Ultra/, 800],
  [/M4 Max/, 546],
  [/M4 Pro/, 273],
  [/\bM4\b/, 120],
  [/M3 Max/, 300],
  [/M3 Pro/, 150],
  [/\bM3\b/, 100],
  [/M2 Max/, 400],
  [/M2 Pro/, 200],
  [/\bM2\b/, 100],
  [/M1 Ultra/, 800],
  [/M1 Max/, 400],
  [/M1 Pro/, 200],
  [/\bM1\b/, 68],
];

/** Slower than nearly every device that is sold with its own memory. */
const UNKNOWN_DISCRETE = 200;
const UNKNOWN_UNIFIED = 60;

export function graphicsBandwidth(
  name: string,
  isUnified: boolean,
): { readonly bandwidthGigabytes: number; readonly isKnown: boolean } {
  const known = ROWS.find(([pattern]) => pattern.test(name))?.[1];
  const guess = isUnified ? UNKNOWN_UNIFIED : UNKNOWN_DISCRETE;
  return { bandwidthGigabytes: known ?? guess, isKnown: known !== undefined };
}
