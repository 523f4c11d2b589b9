/** The session description: its types, from text and to text. */
export * from './sdp-types.js';
export { parseSdp } from './sdp-parser.js';
export { formatSdp } from './sdp-writer.js';
