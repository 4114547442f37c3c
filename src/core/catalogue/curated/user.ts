import type { CuratedEntry } from './model';

const USER = 'UserSlice reads and writes user memory, never beyond its length';

/** User memory, ioctl numbers, files. */
export const user: readonly CuratedEntry[] = [
  { names: ['copy_from_user', '_copy_from_user', '__copy_from_user', 'raw_copy_from_user'], rust: ['kernel::uaccess::UserSliceReader::read_slice@6.12', 'kernel::uaccess::UserSliceReader::read@6.12', 'kernel::uaccess::UserSlice@6.12', 'kernel::uaccess::UserSliceReader@6.12', 'kernel::uaccess::UserSliceReader::read_all@6.12'], relation: 'wraps', note: 'UserSlice::new(ptr, len).reader(); each byte is read once.', reason: 'comes to bindings::copy_from_user' },
  { names: ['copy_to_user', '_copy_to_user', '__copy_to_user', 'raw_copy_to_user'], rust: ['kernel::uaccess::UserSliceWriter::write_slice@6.12', 'kernel::uaccess::UserSliceWriter::write@6.12', 'kernel::uaccess::UserSlice@6.12', 'kernel::uaccess::UserSliceWriter@6.12'], relation: 'wraps', note: 'UserSlice::new(ptr, len).writer().', reason: 'comes to bindings::copy_to_user' },
  { names: ['get_user', '__get_user', 'unsafe_get_user'], rust: ['kernel::uaccess::UserSliceReader::read@6.12', 'kernel::uaccess::UserSlice@6.12', 'kernel::uaccess::UserSliceReader@6.12'], note: '', reason: USER },
  { names: ['put_user', '__put_user', 'unsafe_put_user'], rust: ['kernel::uaccess::UserSliceWriter::write@6.12', 'kernel::uaccess::UserSlice@6.12', 'kernel::uaccess::UserSliceWriter@6.12'], note: '', reason: USER },
  { names: ['memdup_user', 'vmemdup_user', 'memdup_array_user', 'vmemdup_array_user', 'memdup_user_nul'], rust: ['kernel::uaccess::UserSlice::read_all@6.12', 'kernel::uaccess::UserSliceReader::read_all@6.12', 'kernel::alloc::KVec@6.12'], note: 'read_all into a KVec.', reason: USER },
  { names: ['strncpy_from_user'], rust: ['kernel::uaccess::UserSliceReader::strcpy_into_buf@7.2'], relation: 'wraps', note: '', reason: 'comes to bindings::strncpy_from_user' },
  { names: ['strndup_user', 'strnlen_user', 'copy_struct_from_user', 'clear_user', '__clear_user', 'user_access_begin', 'user_access_end', 'pin_user_pages', 'pin_user_pages_fast', 'unpin_user_pages', 'get_user_pages', 'get_user_pages_fast', 'unpin_user_page', 'pagefault_disable', 'copy_from_user_nofault', 'copy_in_user', 'fault_in_readable', 'unpin_user_pages_dirty_lock', 'in_compat_syscall'], rust: [], nearest: ['kernel::uaccess::UserSlice@6.12'], note: '', reason: '' },
  { names: ['access_ok'], rust: [], nearest: ['kernel::uaccess::UserSlice@6.12'], note: 'Done inside each read and write.', reason: '' },
  { names: ['copy_from_iter', '_copy_from_iter', 'copy_from_iter_full'], rust: ['kernel::iov::IovIterSource::copy_from_iter@7.2', 'kernel::iov::IovIterSource::copy_from_iter_vec@7.2', 'kernel::iov::IovIterSource@7.2'], relation: 'wraps', from: '7.2', note: '', reason: 'comes to bindings::_copy_from_iter' },
  { names: ['copy_to_iter', '_copy_to_iter'], rust: ['kernel::iov::IovIterDest::copy_to_iter@7.2', 'kernel::iov::IovIterDest@7.2'], relation: 'wraps', from: '7.2', note: '', reason: 'comes to bindings::_copy_to_iter' },
  { names: ['iov_iter_count'], rust: ['kernel::iov::IovIterDest::len@7.2', 'kernel::iov::IovIterSource::len@7.2'], from: '7.2', note: '', reason: 'reads the count' },
  { names: ['iov_iter'], rust: ['kernel::iov::IovIterDest@7.2', 'kernel::iov::IovIterSource@7.2'], relation: 'wraps', note: 'One type for each direction.', reason: 'holds the iov_iter' },
  { names: ['file'], kind: 'struct', rust: ['kernel::fs::File', 'kernel::fs::LocalFile'], relation: 'wraps', note: '', reason: 'holds bindings::file' },
  { names: ['fput'], rust: ['kernel::sync::aref::ARef@7.2', 'kernel::fs::File'], relation: 'wraps', note: 'Dropping an ARef<File>.', reason: 'dec_ref calls bindings::fput' },
  { names: ['put_unused_fd'], rust: ['kernel::fs::file::FileDescriptorReservation'], relation: 'wraps', note: 'Dropping the reservation.', reason: 'its drop calls bindings::put_unused_fd' },
  { names: ['filp_open', 'filp_close', 'kernel_read', 'kernel_write', 'vfs_read', 'vfs_write', 'anon_inode_getfd', 'anon_inode_getfile', 'fdget', 'fdput', 'eventfd_ctx_fdget', 'eventfd_signal', 'dentry_open', 'kern_path'], rust: [], nearest: ['kernel::fs::File'], note: '', reason: '' },
  { names: ['_IOC'], rust: [], nearest: ['kernel::ioctl::_IOWR@6.12'], note: '', reason: '' },
  { names: ['poll_table', 'poll_table_struct'], rust: ['kernel::sync::poll::PollTable'], relation: 'wraps', note: '', reason: 'holds the table' },
];
