// Deflate and its checksum, of whole blocks of bytes.
export { constants, crc32, deflateRawSync, inflateRawSync } from "node:zlib";
