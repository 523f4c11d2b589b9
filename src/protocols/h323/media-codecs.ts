/** Codecs as H.245 names them, in the words of the media workers. */
export type AudioCodec = 'PCMA' | 'PCMU';
export type VideoCodec = 'H264' | 'H263' | 'H261';

/** Where a far end takes one medium. */
export interface MediaTarget {
  address: string;
  rtpPort: number;
  /** an RTCP of its own where it named one, else the next port */
  rtcpAddress: string;
  rtcpPort: number;
}
