// SPDX-License-Identifier: GPL-2.0
/* The ring of the (invented) ACME 100: the place after the last is the first. */
#include <linux/types.h>
#include "acme.h"

int acme_ring_next(int at)
{
	if (at + 1 >= ACME_RING_SIZE)
		return 0;
	return at + 1;
}
