import { flowRule } from '../flow-rule';

export default flowRule(
  {
    id: 'unchecked-length',
    title: 'Length from outside bounds a copy',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    supersedes: ['believed-number'],
    cwe: 'CWE-787',
    why: 'The number comes from the device, the wire, firmware or user space; nothing in the function compares it with the room there is.',
    falsePositives: ['A caller, or whoever filled the message, has checked the number.'],
    references: ['https://docs.kernel.org/process/deprecated.html', 'https://cwe.mitre.org/data/definitions/787.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'Slices carry their length: copying more than there is stops instead of writing on.',
      items: ['kernel::alloc::KVec', 'kernel::uaccess::UserSlice'],
    },
  },
  {
    'outside-length': ({ name, callee, detail, related }) =>
      `${name} is the length of ${callee}() into ${detail}, and is compared with nothing since it came from outside${related.length > 0 ? '' : ' here'}`,
  },
);
