// SPDX-License-Identifier: MIT
/* trap-time ADDRESS COUNT   in the guest: how long a read of a register takes, which Xen traps and dom0 answers. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

int main(int argc, char **argv)
{
	uint64_t address = argc == 3 ? strtoull(argv[1], NULL, 0) : 0;
	long count = argc == 3 ? atol(argv[2]) : 0;
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	volatile uint32_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, address & ~4095ULL);
	struct timespec from, to;

	if (count < 1 || page == MAP_FAILED) {
		perror("trap-time");
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (long i = 0; i < count; i++)
		(void)page[(address & 4095) / 4];
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%lld ns\n", ((to.tv_sec - from.tv_sec) * 1000000000LL + to.tv_nsec - from.tv_nsec) / count);
	return 0;
}
