import { locale } from '../i18n/index.js';
import { failureSentence } from './failures.js';

const refused = (status: number, detail: string) => failureSentence({ kind: 'refused', status, detail, problem: {} });

describe(failureSentence.name, () => {
  afterEach(() => (locale.value = 'vi'));

  it('says first what it means, in the language of the page, then the words of the server', () => {
    expect(refused(503, 'the prober is being restarted')).toBe(
      'Máy chủ tạm thời chưa làm được, hãy thử lại sau (the prober is being restarted)',
    );
    locale.value = 'en';
    expect(refused(412, 'If-Match: changed meanwhile')).toBe(
      'Somebody else changed it first; load it again (If-Match: changed meanwhile)',
    );
  });

  it('has a sentence for a status that nobody expects, and for a server that is away', () => {
    expect(refused(418, 'HTTP 418')).toBe('Máy chủ không nhận yêu cầu (HTTP 418)');
    expect(failureSentence({ kind: 'unreachable' })).toBe('Không kết nối được với máy chủ giám sát.');
  });
});
