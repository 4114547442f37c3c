import type { CuratedEntry } from './model';

const FMT = 'Rust formats with core::fmt, checked at compile time';
const SLICE = 'slices know their length, and copying checks it';

/** Strings, memory blocks, formatting, parsing and printing. */
export const text: readonly CuratedEntry[] = [
  { names: ['snprintf', 'scnprintf', 'sprintf', 'vsnprintf', 'vscnprintf', 'vsprintf'], rust: ['kernel::str::Formatter', 'kernel::str::RawFormatter', 'kernel::str::NullTerminatedFormatter@7.2', 'kernel::str::CString::try_from_fmt@6.12', 'core::fmt::Write::write_fmt'], note: 'write!(Formatter::new(&mut buffer), "…"); it cannot overrun.', reason: FMT },
  { names: ['strcpy', 'strncpy', 'strscpy', 'strscpy_pad', 'strlcpy', 'strcat', 'strncat', 'strlcat', 'strtomem', 'strtomem_pad', 'memtostr', 'memtostr_pad'], rust: ['kernel::str::CString@6.12', 'kernel::str::NullTerminatedFormatter@7.2', 'core::slice::copy_from_slice', 'kernel::str::Formatter'], partial: true, note: 'Text is a &str or &CStr with its length; owned as a CString, into a buffer by a Formatter.', reason: SLICE },
  { names: ['strcmp', 'strncmp', 'strcasecmp', 'strncasecmp'], rust: ['core::cmp::PartialEq::eq', 'core::ffi::CStr', 'kernel::str::BStr@6.12', 'core::slice::eq_ignore_ascii_case'], note: 'The operator == ; starts_with for a prefix; eq_ignore_ascii_case without case.', reason: 'strings and slices compare' },
  { names: ['strlen', 'strnlen'], rust: ['core::ffi::CStr::count_bytes', 'core::slice::len', 'core::ffi::CStr'], note: '', reason: 'a string knows its length' },
  { names: ['strchr', 'strrchr', 'strstr', 'strnstr', 'strpbrk', 'strspn', 'strcspn', 'strsep', 'strstrip', 'strim', 'skip_spaces', 'memchr', 'strnchr', 'strchrnul', 'str_has_prefix', 'strstarts', 'strreplace', 'memchr_inv'], rust: ['core::str::find', 'core::str::split', 'core::str::trim', 'core::str::strip_prefix', 'core::slice::iter'], note: 'Methods of str and of slices.', reason: 'str and slices have methods for it' },
  { names: ['kstrtoint', 'kstrtouint', 'kstrtoul', 'kstrtol', 'kstrtoull', 'kstrtoll', 'kstrtou8', 'kstrtou16', 'kstrtou32', 'kstrtou64', 'kstrtos8', 'kstrtos16', 'kstrtos32', 'kstrtos64', 'simple_strtoul', 'simple_strtol', 'simple_strtoull', 'simple_strtoll'], rust: ['kernel::str::parse_int::ParseInt::from_str@7.2', 'kernel::str::parse_int::ParseInt@7.2'], nearest: ['core::str::FromStr'], from: '7.2', note: 'u32::from_str(text): decimal, 0x, 0o and 0b.', reason: 'parses an integer of each width' },
  { pattern: /^kstrto\w+_from_user$/, rust: [], nearest: ['kernel::str::parse_int::ParseInt@7.2', 'kernel::uaccess::UserSliceReader::strcpy_into_buf@7.2'], note: 'Read, then parse.', reason: '' },
  { names: ['kstrtobool'], rust: ['kernel::str::kstrtobool@7.2', 'kernel::str::kstrtobool_bytes@7.2'], relation: 'wraps', note: '', reason: 'calls bindings::kstrtobool' },
  { names: ['sscanf', 'vsscanf', 'match_token', 'match_int', 'match_string', '__sysfs_match_string', 'get_option', 'get_options', 'memparse', 'hex2bin', 'bin2hex', 'hex_to_bin', 'hex_dump_to_buffer', 'print_hex_dump', 'print_hex_dump_bytes', 'print_hex_dump_debug', 'string_get_size', 'string_escape_mem', 'crc32', 'crc16', 'crc8', 'crc_ccitt', 'crc32_le', 'parse_option_str', 'argv_split', 'strtobool'], rust: [], note: '', reason: '' },
  { names: ['memcpy', 'memmove', 'memcpy_and_pad', '__builtin_memcpy', 'unsafe_memcpy'], rust: ['core::slice::copy_from_slice', 'core::slice::copy_within', 'core::clone::Clone::clone', 'kernel::alloc::KVec::extend_from_slice@6.12'], note: 'copy_from_slice between slices of the same length; plain assignment for values.', reason: SLICE },
  { names: ['memset', 'memzero_explicit', 'memset32', 'memset16', 'memset64', 'bzero', 'memset_after', 'memset_startat', 'memset_l', 'memset_p'], rust: ['core::slice::fill', 'pin_init::Zeroable::zeroed', 'pin_init::zeroed', 'core::default::Default::default'], note: 'fill() for a slice; values start initialised.', reason: 'nothing is uninitialised' },
  { names: ['memcmp', 'bcmp', 'crypto_memneq'], rust: ['core::cmp::PartialEq::eq', 'core::cmp::Ord::cmp'], note: 'The operators == and < of slices.', reason: 'slices compare' },
  { names: ['swap', 'memswap'], rust: ['core::mem::swap'], note: '', reason: 'the same' },
  { names: ['min', 'min_t', 'min3', 'umin', 'min_not_zero', 'MIN', 'min_array'], rust: ['core::cmp::min', 'core::cmp::Ord::min'], note: 'a.min(b); types must agree.', reason: 'the same' },
  { names: ['max', 'max_t', 'max3', 'umax', 'MAX', 'max_array'], rust: ['core::cmp::max', 'core::cmp::Ord::max'], note: 'a.max(b); types must agree.', reason: 'the same' },
  { names: ['clamp', 'clamp_t', 'clamp_val'], rust: ['core::cmp::Ord::clamp'], note: 'v.clamp(low, high).', reason: 'the same' },
  { names: ['abs', 'labs'], rust: ['core::num::abs', 'core::num::unsigned_abs'], note: '', reason: 'integer method' },
  { names: ['abs_diff'], rust: ['core::num::abs_diff'], note: '', reason: 'integer method' },
  // printing
  { pattern: /^pr_(?:emerg|alert|crit|err|warn|warning|notice|info|debug|devel)_ratelimited$/, rust: [], nearest: ['kernel::pr_warn@6.12', 'kernel::pr_err@6.12'], note: 'The pr_* macros have no ratelimited form.', reason: '' },
  { names: ['pr_warning'], rust: ['kernel::pr_warn@6.12'], note: '', reason: 'the same level' },
  { names: ['pr_devel', 'pr_debug_once', 'pr_devel_once', 'pr_cont_once'], rust: [], nearest: ['kernel::pr_debug@6.12'], note: '', reason: '' },
  { names: ['printk', '_printk', 'vprintk'], rust: ['kernel::pr_info@6.1', 'kernel::pr_err@6.12', 'kernel::pr_warn@6.12', 'kernel::pr_cont@6.12'], note: 'One macro for each level.', reason: 'prints through bindings::_printk' },
  { names: ['printk_once', 'printk_ratelimited', 'printk_ratelimit', 'DEFINE_RATELIMIT_STATE', '__ratelimit', 'ratelimit_state_init', 'printk_deferred', 'trace_printk', 'dump_stack', 'net_ratelimit', 'no_printk'], rust: [], nearest: ['kernel::do_once_lite@7.2', 'kernel::pr_info@6.1'], note: '', reason: '' },
  { names: ['pr_fmt'], rust: ['macros::module@6.1'], note: 'Messages carry the name of the module!.', reason: 'the name field is the prefix' },
  { names: ['KERN_INFO', 'KERN_ERR', 'KERN_WARNING', 'KERN_DEBUG', 'KERN_NOTICE', 'KERN_ALERT', 'KERN_CRIT', 'KERN_EMERG', 'KERN_CONT'], rust: ['kernel::pr_info@6.1', 'kernel::pr_err@6.12', 'kernel::pr_warn@6.12'], note: 'One macro for each level.', reason: 'the level is in the macro\'s name' },
  { names: ['WARN_ON'], rust: ['kernel::warn_on@7.2'], from: '7.2', note: '', reason: 'warns and gives the condition' },
  { names: ['WARN_ON_ONCE', 'WARN_ONCE', 'WARN', 'WARN_TAINT'], rust: [], nearest: ['kernel::warn_on@7.2'], note: 'warn_on! has no once form and no message.', reason: '' },
  { names: ['BUG_ON', 'BUG'], rust: ['core::panic', 'core::assert', 'core::unreachable'], partial: true, note: 'A panic ends in BUG(); return an error where one can.', reason: 'the panic handler calls bindings::BUG' },
  { names: ['BUILD_BUG_ON', 'BUILD_BUG_ON_MSG', 'static_assert', 'BUILD_BUG_ON_ZERO', 'compiletime_assert', 'BUILD_BUG_ON_NOT_POWER_OF_2'], rust: ['kernel::build_assert::static_assert', 'kernel::build_assert::build_assert', 'kernel::build_assert::const_assert'], note: 'static_assert! where the value is constant, build_assert! where the optimiser must see it.', reason: 'fails the build' },
  { names: ['BUILD_BUG_ON', 'BUILD_BUG_ON_MSG', 'static_assert', 'BUILD_BUG_ON_ZERO', 'compiletime_assert'], rust: ['kernel::static_assert@6.12', 'kernel::build_assert@6.12'], from: '6.12', until: '6.12', note: 'static_assert! where the value is constant, build_assert! where the optimiser must see it.', reason: 'fails the build' },
  { names: ['BUILD_BUG'], rust: ['kernel::build_assert::build_error'], note: '', reason: 'fails the build' },
  { pattern: /^KUNIT_(?:EXPECT|ASSERT)_(?:EQ|STREQ|MEMEQ|PTR_EQ)(?:_MSG)?$/, rust: ['core::assert_eq', 'macros::kunit_tests@7.2'], note: 'In a module with #[kunit_tests].', reason: 'kunit_tests maps assert_eq! to KUnit' },
  { pattern: /^KUNIT_(?:EXPECT|ASSERT|FAIL)_\w+$/, rust: ['core::assert', 'macros::kunit_tests@7.2'], note: 'In a module with #[kunit_tests].', reason: 'kunit_tests maps assert! to KUnit' },
  { names: ['KUNIT_CASE', 'kunit_test_suite', 'kunit_test_suites', 'kunit_case', 'kunit_suite', 'KUNIT_CASE_PARAM'], rust: ['macros::kunit_tests@7.2'], note: 'Each #[test] function of a module with #[kunit_tests].', reason: 'makes the suite' },
  { names: ['might_sleep'], rust: ['kernel::task::might_sleep@7.2'], relation: 'wraps', from: '7.2', note: '', reason: 'calls bindings::__might_sleep' },
];
