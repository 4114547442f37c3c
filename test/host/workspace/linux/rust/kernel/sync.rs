// SPDX-License-Identifier: GPL-2.0
//! A lock that the kernel does not have under this name.
//!
//! C header: [`include/linux/mutex.h`](srctree/include/linux/mutex.h)
use crate::types::Opaque;

/// Wraps the kernel's `struct mutex`.
#[repr(transparent)]
pub struct AcmeLock {
    inner: Opaque<bindings::mutex>,
}

impl AcmeLock {
    /// Acquires the lock.
    pub fn acquire(&self) {
        // SAFETY: `self.inner` is initialised.
        unsafe { bindings::mutex_lock(self.inner.get()) }
    }
}
