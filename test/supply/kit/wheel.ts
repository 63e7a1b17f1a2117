// Writes wheels (zip files) for tests: entries deflated or stored, whole or damaged.
import { deflateRawSync } from "node:zlib";

export interface WheelEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isStored?: boolean;
}

function makeZip(entries: readonly WheelEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const packed = entry.isStored === true ? Buffer.from(entry.bytes) : deflateRawSync(entry.bytes);
    const method = entry.isStored === true ? 0 : 8;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x0800, 2);
    shared.writeUInt16LE(method, 4);
    shared.writeUInt32LE(crc(entry.bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(entry.bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), shared, rest, name]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

/** A wheel that pip accepts. */
export function makeWheel(options: {
  readonly name: string;
  readonly version: string;
  readonly entries: readonly WheelEntry[];
}): { readonly fileName: string; readonly bytes: Buffer } {
  const stem = `${options.name.replaceAll("-", "_")}-${options.version}`;
  const info = `${stem}.dist-info`;
  const metadata = `Metadata-Version: 2.1\nName: ${options.name}\nVersion: ${options.version}\n`;
  const kind = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
  const bytes = makeZip([
    ...options.entries,
    { name: `${info}/METADATA`, bytes: Buffer.from(metadata) },
    { name: `${info}/WHEEL`, bytes: Buffer.from(kind) },
    { name: `${info}/RECORD`, bytes: Buffer.from("") },
  ]);
  return { fileName: `${stem}-py3-none-any.whl`, bytes };
}

const CRC_TABLE = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** node:zlib has crc32 only from Node 20.15 on. */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (CRC_TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
