import { z } from 'zod';
import { parseAddressPrefix } from '../../net/address-prefix.js';
import { qualityShape } from '../quality.options.js';
import { accountShape, checkAccount } from '../sip-account.js';
import { sipLineShape } from '../sip-line.options.js';

/** The longest that asking for the dialog state may hold a call up. */
export const DIALOG_STATE_S = 3;

function isCodecList(codecs: readonly string[]): boolean {
  return new Set(codecs).size === codecs.length && codecs.some((codec) => codec !== 'H264');
}

export const sipCallOptions = z
  .strictObject({
    /** how long the answered call is held; baresip and many codecs send their first RTCP report after 5 s */
    holdS: z.number().min(1).max(12).default(6),
    video: z.boolean().default(true),
    /**
     * SRTP with keys in the SDP (RFC 4568). `auto` offers plain RTP, which everybody knows, and calls once more with SRTP where
     * that is refused; `require` offers SRTP alone; `off` never does.
     */
    encryption: z.enum(['auto', 'require', 'off']).default('auto'),
    /** look at one or two keyframes of the picture coming in, after the call and through ffmpeg: is it black? */
    decodeKeyframe: z.boolean().default(false),
    /** ask before calling whether it is in a call (RFC 4235); one that is gets no call and counts as busy */
    dialogState: z.boolean().default(false),
    /** the longest ringing before we give up */
    ringS: z.number().positive().max(60).default(8),
    /** without even a provisional response */
    noProvisionalS: z.number().positive().max(32).default(5),
    /** in the order of the offer; without H264 the call has sound alone. G.722 is not offered, since it could not be judged */
    codecs: z
      .array(z.enum(['PCMA', 'PCMU', 'H264']))
      .refine(isCodecList, { error: 'PCMA, PCMU or both, and H264, each once' })
      .optional(),
    /** what each direction of the call may take of the line, headers included; below 144 it has sound alone */
    bandwidthKbps: z.int().min(80).max(10_000).optional(),
    /** where this endpoint's media may go beside its own address: a media server's network, `10.1.2.0/24` */
    allowedMediaPrefixes: z
      .array(z.string().refine((text) => parseAddressPrefix(text) !== undefined, { error: 'a prefix such as 10.1.2.0/24' }))
      .max(32)
      .optional(),
    ...qualityShape,
    ...sipLineShape,
    ...accountShape,
  })
  .superRefine(checkAccount);
export type SipCallOptions = z.infer<typeof sipCallOptions>;
