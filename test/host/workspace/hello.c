#include <stdio.h>
#include <stdlib.h>

static int probe(const char *name)
{
	void *copy = malloc(16);

	free(copy);
	return printf("hello, %s\n", name) < 0;
}

int main(void)
{
	return probe("world");
}
