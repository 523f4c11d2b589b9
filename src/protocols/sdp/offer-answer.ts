/**
 * Offer and answer of RFC 3264 for one audio and one video stream.
 *
 * The rules that decide here: an answer has the media lines of the offer in the same order (section 6), port 0 refuses a
 * medium, directions are said from the describer's side, c=0.0.0.0 is the old way of hold (section 8.4), and each side sends
 * with the payload type numbers of the *other* side's description.
 */
export { buildOffer, type AudioCodec, type LocalMedia } from './local-offer.js';
export { negotiate, type Negotiated, type NegotiatedStream } from './negotiation.js';
export { buildAnswer, type AnswerOptions } from './local-answer.js';
