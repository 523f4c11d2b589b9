import fc from 'fast-check';
import { parseDialogInfo } from './dialog-info.js';

const document = (inner: string, more = ''): string =>
  `<?xml version="1.0"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="sip:a@b"${more}>${inner}</dialog-info>\n`;

describe(parseDialogInfo.name, () => {
  it('reads the states of RFC 4235, with prefixes, comments and attributes that hold a ">"', () => {
    const full = document(
      `<!-- <state>early</state> --><dialog id="as7d900as8" call-id="a>b" local-tag='1"2' direction="initiator">
         <state event="remote-bye" code="200">terminated</state><duration>274</duration>
         <local><identity display="Alice">sip:a@b</identity><target uri="sip:a@b"/></local>
       </dialog><dialog id="2"><state> confirmed </state></dialog><dialog id="3"><state>humming</state></dialog>`,
    );
    expect(parseDialogInfo(full)).toEqual({ ok: true, value: ['terminated', 'confirmed'] });
    const prefixed = '<d:dialog-info xmlns:d="x"><d:dialog id="1"><d:state>early</d:state></d:dialog></d:dialog-info>';
    expect(parseDialogInfo(prefixed)).toEqual({ ok: true, value: ['early'] });
    expect(parseDialogInfo(document(''))).toEqual({ ok: true, value: [] });
    expect(parseDialogInfo('<dialog-info/>')).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'busy'],
    ['another document', '<presence><dialog><state>confirmed</state></dialog></presence>'],
    ['a DTD', `<!DOCTYPE d [<!ENTITY a "aaaa">]>${document('<dialog id="1"><state>&a;</state></dialog>')}`],
    ['a document that breaks off', document('<dialog id="1"><state>confirmed').slice(0, -20)],
    ['crossed elements', document('<dialog><state>confirmed</dialog></state>')],
    ['a tag in a tag', document('<dialog <state>confirmed</state></dialog>')],
    ['two roots', `${document('')}${document('')}`],
    ['a deep nest', document(`${'<dialog>'.repeat(20)}${'</dialog>'.repeat(20)}`)],
    ['too many dialogs', document('<dialog><state>confirmed</state></dialog>'.repeat(65))],
    ['a long one', document(`<note>${'x'.repeat(70_000)}</note>`)],
    ['a comment without an end', `${document('')}<!-- `],
  ])('refuses %s', (_what, text) => {
    expect(parseDialogInfo(text)).toMatchObject({ ok: false });
  });

  it('never throws and never finds what is not there', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '<dialog-info>',
      '</dialog-info>',
      '<dialog>',
      '</dialog>',
      '<state>',
      '"',
      '<!--',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const parsed = parseDialogInfo(pieces.join(''));
        if (parsed.ok) expect(parsed.value).toEqual([]);
      }),
    );
  });
});
