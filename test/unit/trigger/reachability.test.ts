import { unreachableReason } from '../../../nodes/ImagineAnything/trigger/registration/reachability';

test.each([
  'https://n8n.example.com/webhook/x',
  'https://8.8.8.8/webhook/x',
  'https://172.32.0.1/x',
  'https://[2606:4700::1111]/x',
  'https://[::ffff:8.8.8.8]/x',
])('The service may reach %s', (address) => {
  expect(unreachableReason(address)).toBeUndefined();
});

test.each([
  ['http://n8n.example.com/x', 'does not start with https://'],
  ['https://localhost:5678/x', 'resolves only on this machine or in its local network'],
  ['https://n8n/x', 'resolves only on this machine or in its local network'],
  ['https://n8n.local/x', 'resolves only on this machine or in its local network'],
  ['http://127.0.0.1:5678/x', 'is in a private network'],
  ['https://10.1.2.3/x', 'is in a private network'],
  ['https://172.16.0.1/x', 'is in a private network'],
  ['https://192.168.1.20/x', 'is in a private network'],
  ['https://169.254.1.1/x', 'is in a private network'],
  ['https://100.64.0.1/x', 'is in a private network'],
  ['https://0x7f000001/x', 'is in a private network'],
  ['https://[::1]/x', 'is in a private network'],
  ['https://[fd00::1]/x', 'is in a private network'],
  ['https://[fe80::1]/x', 'is in a private network'],
  ['https://[::ffff:10.0.0.1]/x', 'is in a private network'],
  ['', 'is not a valid URL'],
])('The service cannot reach %p: it %s', (address, reason) => {
  expect(unreachableReason(address)).toBe(reason);
});
