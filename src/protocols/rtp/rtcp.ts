/** RTCP in one import: packet types, reader and writers. */
export * from './rtcp-types.js';
export * from './rtcp-reader.js';
export * from './rtcp-writer.js';
