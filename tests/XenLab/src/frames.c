// SPDX-License-Identifier: MIT
/*
 * frames FILE ADDRESS   in the guest: reads a file, or a disk, into memory and says where Linux keeps it:
 *   BELOW ABOVE         how many of its pages are below the guest address, and how many are not
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096u

static void die(const char *what)
{
	printf("FAIL %s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int count, char **arguments)
{
	if (count != 3)
		return 2;
	int file = open(arguments[1], O_RDONLY), map = open("/proc/self/pagemap", O_RDONLY);
	uint64_t boundary = strtoull(arguments[2], NULL, 0), pages[2] = { 0 };
	off_t size = file < 0 ? -1 : lseek(file, 0, SEEK_END);

	if (size <= 0)
		die(arguments[1]);
	volatile uint8_t *content = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);

	if (content == MAP_FAILED)
		die("mmap");
	for (off_t at = 0; at < size; at += PAGE) {
		uint64_t word;

		(void)content[at];
		if (pread(map, &word, sizeof(word), (off_t)(((uintptr_t)content + at) / PAGE * sizeof(word))) != sizeof(word))
			die("/proc/self/pagemap");
		if (word >> 63)
			pages[(word & ((1ull << 55) - 1)) * PAGE >= boundary]++;
	}
	printf("%llu %llu\n", (unsigned long long)pages[0], (unsigned long long)pages[1]);
	return 0;
}
