/* SPDX-License-Identifier: GPL-2.0 */
/* No include tells that this is kernel code: the tree around it does. */
static int acme_bare_start(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}
module_init(acme_bare_start);
