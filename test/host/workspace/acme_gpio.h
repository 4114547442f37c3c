/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ACME_GPIO_H
#define ACME_GPIO_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

struct acme_gpio {
	void __iomem *regs;
	struct mutex lock;
	struct work_struct poll;
};

static inline void acme_gpio_touch(struct acme_gpio *gpio)
{
	mutex_lock(&gpio->lock);
	mutex_unlock(&gpio->lock);
}

#endif
