// SPDX-License-Identifier: GPL-2.0
//! A kernel crate of one abstraction.
pub mod sync;
