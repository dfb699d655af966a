// SPDX-License-Identifier: MIT
/*
 * picture-check FILE.png   in dom0: whether a screenshot shows, pixel for pixel, what picture.c draws. Prints its size, or what is
 * wrong; exit code 0 or 1. It reads what the host writes: 8 bits each of red, green and blue, lines without a filter.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static int fail(const char *what)
{
	printf("FAIL %s\n", what);
	return 1;
}

static uint32_t number(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

int main(int count, char **arguments)
{
	static const uint8_t signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	static uint8_t file[64 << 20];
	FILE *input = count == 2 ? fopen(arguments[1], "rb") : NULL;
	size_t length = input ? fread(file, 1, sizeof(file), input) : 0;
	uint32_t width = 0, height = 0;
	uint8_t *packed = malloc(sizeof(file));
	uLong packed_length = 0;

	if (length < sizeof(signature) || memcmp(file, signature, sizeof(signature)))
		return fail("no PNG file");
	for (size_t at = sizeof(signature); at + 12 <= length;) {
		uint32_t size = number(file + at);
		const uint8_t *type = file + at + 4, *data = file + at + 8;

		if (size > length - at - 12)
			return fail("a chunk is cut off");
		if (crc32(crc32(0, NULL, 0), type, size + 4) != number(data + size))
			return fail("a chunk has a wrong sum");
		if (!memcmp(type, "IHDR", 4) && size == 13) {
			width = number(data);
			height = number(data + 4);
			if (data[8] != 8 || data[9] != 2 || data[12] != 0)
				return fail("not 8 bits of RGB");
		} else if (!memcmp(type, "IDAT", 4)) {
			memcpy(packed + packed_length, data, size);
			packed_length += size;
		}
		at += size + 12;
	}
	if (!width || !height || width > 8192 || height > 8192)
		return fail("no size");

	uLongf line = 1 + 3 * (uLongf)width, expected = line * height, got = expected;
	uint8_t *lines = malloc(expected);
	if (uncompress(lines, &got, packed, packed_length) != Z_OK || got != expected)
		return fail("the lines do not unpack");
	for (uint32_t y = 0; y < height; y++) {
		if (lines[y * line] != 0)
			return fail("a line has a filter");
		for (uint32_t x = 0; x < width; x++) {
			const uint8_t *pixel = lines + y * line + 1 + 3 * x;

			if (pixel[0] != (x & 255) || pixel[1] != (y & 255) || pixel[2] != ((x ^ y) & 255)) {
				printf("FAIL the pixel at (%u, %u) is %02x%02x%02x\n", x, y, pixel[0], pixel[1], pixel[2]);
				return 1;
			}
		}
	}
	printf("%ux%u\n", width, height);
	return 0;
}
