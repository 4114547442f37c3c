/* SPDX-License-Identifier: GPL-2.0 */
#define ACME_RING_SIZE	16

int acme_ring_next(int at);
