// Numbers of 16 bits (IEEE 754 binary16) to 32 bits and back, rounded as ggml does it: to the nearest, ties to even.

/** Every half precision number as a single precision one, by its bits. */
export function createHalfTable(): Float32Array {
  const table = new Float32Array(65_536);
  for (let bits = 0; bits < table.length; bits += 1) table[bits] = fromHalf(bits);
  return table;
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** `bits` are those of a single precision number. */
export function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const scaled = exponent - 127 + 15;
  if (scaled >= 0x1f) return sign | 0x7c00;
  if (scaled > 0) return sign | roundOff((scaled << 23) | fraction, 13);
  // Below the smallest normal number: the hidden one becomes a visible bit.
  return scaled < -10 ? sign : sign | roundOff(fraction | 0x800000, 14 - scaled);
}

/** Drops the lowest bits, to the nearest, ties to even; a carry runs on into the exponent, which is what it should do. */
function roundOff(value: number, droppedBits: number): number {
  const kept = value >>> droppedBits;
  const rest = value & ((1 << droppedBits) - 1);
  const middle = 1 << (droppedBits - 1);
  return rest > middle || (rest === middle && (kept & 1) === 1) ? kept + 1 : kept;
}
