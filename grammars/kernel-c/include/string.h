// What parser.c and scanner.c use of the C library, which web-tree-sitter provides.
#pragma once
#include <stddef.h>
void *memcpy(void *to, const void *from, size_t size);
void *memset(void *memory, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
