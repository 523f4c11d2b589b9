import { faultsOf, fieldName, fieldRule } from './faults.js';

const fault = { field: 'contact_phone', found: '12', allowed: 'a phone number', fix: 'Enter it.', line: 7 };
const refused = (errors: unknown) => ({ kind: 'refused' as const, status: 422, detail: 'no', problem: { errors } });

it('takes the faults of a problem document, and nothing that is none', () => {
  expect(faultsOf(refused([fault, 'text', null, { field: 'x' }]))).toEqual([fault]);
  expect([faultsOf(refused('x')), faultsOf(null), faultsOf({ kind: 'unreachable' })]).toEqual([[], [], []]);
});

it('knows a column of a file and a field of the API by one name, and leaves others as they are', () => {
  expect([fieldName('contact_phone'), fieldName('contactPhone'), fieldName('planet')]).toEqual([
    'Điện thoại',
    'Điện thoại',
    'planet',
  ]);
  expect([fieldRule('contact_phone'), fieldRule('planet')]).toEqual([fieldRule('contactPhone'), '']);
});
