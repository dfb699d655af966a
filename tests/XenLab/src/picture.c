// SPDX-License-Identifier: MIT
/*
 * picture   in the guest: shows a picture on /dev/dri/card0, prints its size, and keeps it
 * until standard input ends. The pixel at (x, y) is 0xRRGGBB with red x, green y and blue x ^ y, all modulo 256: whoever looks at
 * the screen elsewhere can compute what must be there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <drm/drm.h>
#include <drm/drm_mode.h>

static int card;

static void call(unsigned long request, void *argument, const char *what)
{
	if (ioctl(card, request, argument)) {
		printf("FAIL %s: %s\n", what, strerror(errno));
		exit(1);
	}
}

int main(void)
{
	uint32_t connectors[16], crtcs[16], encoders[16], framebuffers[16];
	struct drm_mode_card_res resources = {
		.connector_id_ptr = (uintptr_t)connectors, .crtc_id_ptr = (uintptr_t)crtcs, .encoder_id_ptr = (uintptr_t)encoders,
		.fb_id_ptr = (uintptr_t)framebuffers, .count_connectors = 16, .count_crtcs = 16, .count_encoders = 16, .count_fbs = 16,
	};
	struct drm_mode_modeinfo modes[64];
	struct drm_mode_get_connector connector = { .modes_ptr = (uintptr_t)modes, .count_modes = 64 };
	struct drm_mode_create_dumb dumb = { .bpp = 32 };
	struct drm_mode_map_dumb map = { 0 };
	struct drm_mode_fb_cmd framebuffer = { .bpp = 32, .depth = 24 };

	card = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
	if (card < 0) {
		perror("FAIL /dev/dri/card0");
		return 1;
	}
	call(DRM_IOCTL_MODE_GETRESOURCES, &resources, "GETRESOURCES");
	/* The first with modes: asked with no room at first, so that the kernel looks at what is connected. */
	connector.connector_id = connectors[0];
	connector.count_modes = 0;
	call(DRM_IOCTL_MODE_GETCONNECTOR, &connector, "GETCONNECTOR");
	connector.count_modes = connector.count_modes > 64 ? 64 : connector.count_modes;
	connector.count_props = connector.count_encoders = 0;
	call(DRM_IOCTL_MODE_GETCONNECTOR, &connector, "GETCONNECTOR");
	if (connector.count_modes == 0) {
		printf("FAIL the screen has no modes\n");
		return 1;
	}

	dumb.width = modes[0].hdisplay;
	dumb.height = modes[0].vdisplay;
	call(DRM_IOCTL_MODE_CREATE_DUMB, &dumb, "CREATE_DUMB");
	map.handle = dumb.handle;
	call(DRM_IOCTL_MODE_MAP_DUMB, &map, "MAP_DUMB");
	uint8_t *pixels = mmap(NULL, dumb.size, PROT_READ | PROT_WRITE, MAP_SHARED, card, map.offset);
	if (pixels == MAP_FAILED) {
		perror("FAIL mmap of the picture");
		return 1;
	}
	for (uint32_t y = 0; y < dumb.height; y++)
		for (uint32_t x = 0; x < dumb.width; x++)
			((uint32_t *)(pixels + (size_t)y * dumb.pitch))[x] = (x & 255) << 16 | (y & 255) << 8 | ((x ^ y) & 255);

	framebuffer.width = dumb.width;
	framebuffer.height = dumb.height;
	framebuffer.pitch = dumb.pitch;
	framebuffer.handle = dumb.handle;
	call(DRM_IOCTL_MODE_ADDFB, &framebuffer, "ADDFB");
	struct drm_mode_crtc crtc = {
		.set_connectors_ptr = (uintptr_t)&connector.connector_id, .count_connectors = 1, .crtc_id = crtcs[0],
		.fb_id = framebuffer.fb_id, .mode_valid = 1, .mode = modes[0],
	};
	call(DRM_IOCTL_MODE_SETCRTC, &crtc, "SETCRTC");
	struct drm_mode_fb_dirty_cmd dirty = { .fb_id = framebuffer.fb_id };
	if (ioctl(card, DRM_IOCTL_MODE_DIRTYFB, &dirty) && errno != ENOSYS)
		perror("DIRTYFB");
	printf("SHOWN %ux%u\n", dumb.width, dumb.height);
	fflush(stdout);
	char byte;
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}
