import type { RandomSource } from '../../common/random.js';
import { Dialog } from '../../protocols/sip/dialog.js';
import type { SipRequest } from '../../protocols/sip/message.js';
import { newBranch } from '../../protocols/sip/request.js';
import type { SipTransport } from '../../protocols/sip/transport.js';
import { SERVER } from './capabilities.js';

const IN_CALL = '<dialog id="1" direction="recipient"><state>confirmed</state></dialog>';

/** What a device answers to the question whether it is in a call (RFC 4235 section 4), as the only NOTIFY. */
export function notifyOf(
  subscribe: SipRequest,
  toTag: string,
  inCall: boolean,
  transport: SipTransport,
  random: RandomSource,
): SipRequest {
  return Dialog.fromRequest(subscribe, toTag).createRequest('NOTIFY', {
    transport,
    branch: newBranch(random),
    headers: [['Event', 'dialog'], ['Subscription-State', 'terminated;reason=timeout'], SERVER],
    contentType: 'application/dialog-info+xml',
    body:
      '<?xml version="1.0"?>\r\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full">' +
      `${inCall ? IN_CALL : ''}</dialog-info>\r\n`,
  });
}
