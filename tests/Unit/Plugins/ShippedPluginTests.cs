using XenDmHost.Abstractions;
using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

/// <summary>Each description against the virtio specification (1.3, chapter 5) and what back-ends are known to take.</summary>
public sealed class ShippedPluginTests
{
    [Fact]
    public void Snd_is_device_25_with_four_queues_of_64()
    {
        DeviceDescription snd = ShippedPlugins.Describe("snd");
        Assert.Equal(new DeviceIdentity(25, "snd"), snd.Identity);
        Assert.Equal(
            [new("control", 64, 1024), new("event", 64, 1024), new("tx", 64, 1024), new QueueLayout("rx", 64, 1024)],
            snd.Queues);
        Assert.Empty(snd.Quirks);
        Assert.Equal(DeviceNeeds.None, snd.Needs);
    }

    [Fact]
    public void Snd_has_12_bytes_and_hides_controls()
    {
        DeviceDescription snd = ShippedPlugins.Describe("snd");
        Assert.Equal(12, snd.ConfigSpace.Size);
        Assert.Equal(["0:4 jacks", "4:4 streams", "8:4 chmaps"], ShippedPlugins.Fields(snd));
        Assert.Equal(["Mask 0 VIRTIO_SND_F_CTLS"], ShippedPlugins.Rules(snd));
    }

    [Fact]
    public void Snd_with_controls_has_16_bytes_and_needs_the_feature()
    {
        DeviceDescription snd = ShippedPlugins.Describe("snd", """{ "controls": true }""");
        Assert.Equal(16, snd.ConfigSpace.Size);
        Assert.Equal(["0:4 jacks", "4:4 streams", "8:4 chmaps", "12:4 controls"], ShippedPlugins.Fields(snd));
        Assert.Equal(["Require 0 VIRTIO_SND_F_CTLS"], ShippedPlugins.Rules(snd));
    }

    [Fact]
    public void Gpu_is_device_16_and_keeps_events_and_scanouts_here()
    {
        DeviceDescription gpu = ShippedPlugins.Describe("gpu", """{ "scanouts": 3 }""");
        Assert.Equal(new DeviceIdentity(16, "gpu"), gpu.Identity);
        Assert.Equal([new("control", 256, 1024), new QueueLayout("cursor", 16, 1024)], gpu.Queues);
        Assert.Equal(16, gpu.ConfigSpace.Size);
        Assert.Equal(
            ["0:4 events_read = 00000000", "4:4 events_clear WriteOneToClear events_read = 00000000", "8:4 num_scanouts = 03000000", "12:4 num_capsets"],
            ShippedPlugins.Fields(gpu));
        Assert.Equal(
            ["Mask 0 VIRTIO_GPU_F_VIRGL", "Mask 4 VIRTIO_GPU_F_CONTEXT_INIT", "Mask 3 VIRTIO_GPU_F_RESOURCE_BLOB", "Mask 5 VIRTIO_GPU_F_BLOB_ALIGNMENT"],
            ShippedPlugins.Rules(gpu));
        Assert.Equal(new SideChannelNeed(33, "gpu") { MaxPayload = 20 + (128 << 20), MaxDescriptors = 1 }, gpu.Needs.SideChannel);
        Assert.Equal(["hide-virgl True", "hide-blob True", "fresh-after-reset True", "reset-after-restart False"], gpu.Quirks.Select(quirk => $"{quirk.Id} {quirk.Enabled}"));
    }

    [Fact]
    public void Gpu_has_one_scanout_without_options() =>
        Assert.Contains("8:4 num_scanouts = 01000000", ShippedPlugins.Fields(ShippedPlugins.Describe("gpu")));

    [Fact]
    public void Scmi_is_device_32_with_two_queues_and_no_configuration_space()
    {
        DeviceDescription scmi = ShippedPlugins.Describe("scmi");
        Assert.Equal(new DeviceIdentity(32, "scmi"), scmi.Identity);
        Assert.Equal([new("cmd", 256, 1024), new QueueLayout("event", 256, 1024)], scmi.Queues);
        Assert.Equal(0, scmi.ConfigSpace.Size);
        Assert.False(scmi.ConfigSpace.NeedsBackEnd);
        Assert.Equal(["Mask 1 VIRTIO_SCMI_F_SHARED_MEMORY"], ShippedPlugins.Rules(scmi));
    }

    [Fact]
    public void Blk_is_device_2_with_one_request_queue()
    {
        DeviceDescription blk = ShippedPlugins.Describe("generic", """{ "profile": "blk" }""");
        Assert.Equal(new DeviceIdentity(2, "blk"), blk.Identity);
        Assert.Equal([new QueueLayout("request1", 128, 1024)], blk.Queues);
        Assert.Equal(
            ["Mask 1 VIRTIO_BLK_F_SIZE_MAX", "Mask 16 VIRTIO_BLK_F_SECURE_ERASE", "Mask 17 VIRTIO_BLK_F_ZONED"],
            ShippedPlugins.Rules(blk));
    }

    [Fact]
    public void Blk_has_the_60_bytes_of_struct_virtio_blk_config()
    {
        DeviceDescription blk = ShippedPlugins.Describe("generic", """{ "profile": "blk" }""");
        Assert.Equal(60, blk.ConfigSpace.Size);
        Assert.Equal(
            [
                "0:8 capacity", "8:4 size_max", "12:4 seg_max", "16:2 cylinders", "18:1 heads", "19:1 sectors", "20:4 blk_size",
                "24:1 physical_block_exp", "25:1 alignment_offset", "26:2 min_io_size", "28:4 opt_io_size", "32:1 writeback Forwarded",
                "34:2 num_queues = 0100", "36:4 max_discard_sectors", "40:4 max_discard_seg", "44:4 discard_sector_alignment",
                "48:4 max_write_zeroes_sectors", "52:4 max_write_zeroes_seg", "56:1 write_zeroes_may_unmap",
            ],
            ShippedPlugins.Fields(blk));
    }

    [Fact]
    public void Blk_with_several_queues_tells_the_guest_their_number()
    {
        DeviceDescription blk = ShippedPlugins.Describe("generic", """{ "profile": "blk", "queues": 64 }""");
        Assert.Equal(Enumerable.Range(1, 64).Select(i => $"request{i}"), blk.Queues.Select(queue => queue.Name));
        Assert.Contains("34:2 num_queues = 4000", ShippedPlugins.Fields(blk));
    }

    /// <summary>Queues as name:size, and the configuration space with its writable fields.</summary>
    [Theory]
    [InlineData("console", 3u, "rx0:128 tx0:128 control-rx:64 control-tx:64", 12, "0:2 cols, 2:2 rows, 4:4 max_nr_ports, 8:4 emerg_wr Forwarded")]
    [InlineData("fs", 26u, "hiprio:128 request1:128", 40, "0:36 tag, 36:4 num_request_queues = 01000000")]
    [InlineData("gpio", 41u, "request:256 event:256", 8, "0:2 ngpio, 4:4 gpio_names_size")]
    [InlineData("i2c", 34u, "request:64", 0, "")]
    [InlineData("input", 18u, "event:64 status:64", 136, "0:1 select Selector, 1:1 subsel Selector, 2:1 size, 8:128 u")]
    [InlineData("net", 1u, "rx1:256 tx1:256", 12, "0:6 mac = 020000000000, 6:2 status = 0100, 8:2 max_virtqueue_pairs = 0100, 10:2 mtu = dc05")]
    [InlineData("rng", 4u, "request:64", 0, "")]
    [InlineData("rtc", 17u, "request:64 alarm:64", 0, "")]
    [InlineData("scsi", 8u, "control:128 event:128 request1:128", 36, "0:4 num_queues = 01000000, 4:4 seg_max, 8:4 max_sectors, 12:4 cmd_per_lun, 16:4 event_info_size, 20:4 sense_size Kept, 24:4 cdb_size Kept, 28:2 max_channel, 30:2 max_target, 32:4 max_lun")]
    [InlineData("vsock", 19u, "rx:128 tx:128 event:64", 8, "0:8 guest_cid")]
    public void Every_other_profile_is_what_the_specification_and_its_back_end_say(
        string profile, uint id, string queues, int configSize, string fields)
    {
        DeviceDescription device = ShippedPlugins.Describe("generic", $$"""{ "profile": "{{profile}}" }""");
        Assert.Equal(new DeviceIdentity(id, profile), device.Identity);
        Assert.Equal(queues, string.Join(' ', device.Queues.Select(queue => $"{queue.Name}:{queue.Size}")));
        Assert.All(device.Queues, queue => Assert.Equal(1024, queue.MaxSize));
        Assert.Equal(configSize, device.ConfigSpace.Size);
        Assert.Equal(fields, string.Join(", ", ShippedPlugins.Fields(device)));
    }

    [Fact]
    public void A_guest_file_gives_a_value_to_a_field()
    {
        DeviceDescription fs = ShippedPlugins.Describe(
            "generic", """{ "profile": "fs", "queues": 3, "fields": { "tag": "wörk" } }""");
        string tag = "77c3b6726b" + new string('0', 62);
        Assert.Equal(["0:36 tag = " + tag, "36:4 num_request_queues = 03000000"], ShippedPlugins.Fields(fs));
        Assert.False(fs.ConfigSpace.NeedsBackEnd);
    }

    [Fact]
    public void Net_offers_what_the_guest_file_gives_and_nothing_that_needs_the_control_queue()
    {
        DeviceDescription bare = ShippedPlugins.Describe("generic", """{ "profile": "net" }""");
        DeviceDescription given = ShippedPlugins.Describe(
            "generic", """{ "profile": "net", "fields": { "mac": "52:54:00:12:34:56", "mtu": 9000, "status": 0 } }""");
        Assert.False(bare.ConfigSpace.NeedsBackEnd);
        Assert.Equal(0UL, bare.Features.MaskOf(FeatureAction.Force));
        Assert.Equal((1UL << 3) | (1UL << 5) | (1UL << 16), given.Features.MaskOf(FeatureAction.Force));
        ulong hidden = given.Features.MaskOf(FeatureAction.Mask);
        Assert.All((int[])[2, 17, 18, 19, 20, 21, 22, 23, 53, 57, 60], bit => Assert.NotEqual(0UL, hidden & (1UL << bit)));
        Assert.Equal(
            ["0:6 mac = 525400123456", "6:2 status = 0000", "8:2 max_virtqueue_pairs = 0100", "10:2 mtu = 2823"], ShippedPlugins.Fields(given));
    }

    [Theory]
    [InlineData("52:54:00:12:34")]
    [InlineData("52:54:00:12:34:5g")]
    [InlineData("525400123456")]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("00:00:00:00:00:00")]
    public void An_address_that_no_card_can_have_is_told_with_what_would_be_right(string mac)
    {
        DeviceConfigException error = Assert.Throws<DeviceConfigException>(
            () => ShippedPlugins.Describe("generic", $$"""{ "profile": "net", "fields": { "mac": "{{mac}}" } }"""));
        Assert.Equal(("fields.mac", "must be a MAC address of one station, such as \"52:54:00:12:34:56\""), (error.Path, error.Message));
    }

    [Theory]
    [InlineData("snd", """{ "stream": 1 }""", "stream", "unknown key: this device takes controls")]
    [InlineData("snd", """{ "controls": 1 }""", "controls", "'1' is wrong: it must be true or false")]
    [InlineData("snd", """{ "controls": null }""", "controls", "must be true or false")]
    [InlineData("scmi", """{ "x": 1 }""", "x", "unknown key: this device takes no options")]
    [InlineData("gpu", """{ "scanouts": 0 }""", "scanouts", "'0' is wrong: it must be a whole number from 1 to 16")]
    [InlineData("gpu", """{ "scanouts": 17 }""", "scanouts", "'17' is wrong: it must be a whole number from 1 to 16")]
    [InlineData("gpu", """{ "scanouts": { "a": 1 } }""", "scanouts", "must be a whole number from 1 to 16")]
    [InlineData("gpu", """{ "Scanouts": 1 }""", "Scanouts", "unknown key: this device takes scanouts")]
    public void Wrong_options_are_told_with_their_place(string plugin, string options, string path, string words)
    {
        DeviceConfigException error = Assert.Throws<DeviceConfigException>(() => ShippedPlugins.Describe(plugin, options));
        Assert.Equal((path, words), (error.Path, error.Message));
    }

    [Theory]
    [InlineData("snd", "Snd")]
    [InlineData("gpu", "Gpu")]
    [InlineData("scmi", "Scmi")]
    [InlineData("generic", "Generic")]
    public void A_plugins_folder_holds_its_assembly_and_its_data_and_nothing_that_the_host_brings(string plugin, string assembly)
    {
        string folder = ShippedPlugins.Registry.Open(plugin).Directory;
        string[] data = plugin == "generic" ? ["profile.schema.json", "profiles/blk.json"] : [];
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path));
        Assert.Equal(
            data.Concat([$"{assembly}.deps.json", $"{assembly}.dll", "README.md"]).Order(StringComparer.Ordinal),
            files.Where(file => !file.StartsWith("profiles/", StringComparison.Ordinal) || file == "profiles/blk.json").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("snd")]
    [InlineData("gpu")]
    [InlineData("scmi")]
    [InlineData("generic")]
    public void A_plugins_README_has_the_headings_that_all_have(string plugin)
    {
        string readme = File.ReadAllText(Path.Combine(ShippedPlugins.Registry.Open(plugin).Directory, "README.md"));
        string[] headings = [.. readme.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]).Take(7)];
        Assert.Equal(["Device", "Config keys", "Queues", "Features", "Quirks", "Tested back-ends", "Limits"], headings);
    }
}
