using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>The status machine (virtio 1.3, 2.1 and 3.1).</summary>
public sealed class StatusTests
{
    private const uint UpToFeaturesOk = TestDevice.AcknowledgeAndDriver | DeviceStatus.FeaturesOk;
    private readonly TestDevice _device = new();

    [Fact]
    public void Features_that_were_offered_with_VERSION_1_are_accepted()
    {
        _device.Negotiate(VirtioFeature.Version1 | (1UL << 9));
        Assert.Equal(UpToFeaturesOk, _device.Status);
        Assert.Equal(VirtioFeature.Version1 | (1UL << 9), _device.Registers.DriverFeatures);
    }

    [Theory]
    [InlineData(VirtioFeature.Version1 | (1UL << 6))]
    [InlineData(VirtioFeature.Version1 | VirtioFeature.InOrder)]
    [InlineData(ulong.MaxValue)]
    public void FEATURES_OK_is_not_latched_for_a_feature_that_was_not_offered(ulong features)
    {
        _device.Negotiate(features);
        Assert.Equal(TestDevice.AcknowledgeAndDriver, _device.Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1UL << 5)]
    public void FEATURES_OK_is_not_latched_without_VERSION_1(ulong features)
    {
        _device.Negotiate(features);
        Assert.Equal(TestDevice.AcknowledgeAndDriver, _device.Status);
    }

    [Fact]
    public void FEATURES_OK_is_not_latched_while_no_back_end_is_there()
    {
        TestDevice device = new(connected: false);
        device.Negotiate(VirtioFeature.Version1);
        Assert.Equal(TestDevice.AcknowledgeAndDriver, device.Status);
    }

    [Fact]
    public void A_driver_may_choose_anew_after_FEATURES_OK_was_refused()
    {
        _device.Negotiate(ulong.MaxValue);
        _device.WriteFeatures(VirtioFeature.Version1);
        _device.Write(MmioRegister.Status, UpToFeaturesOk);
        Assert.Equal(UpToFeaturesOk, _device.Status);
    }

    [Fact]
    public void A_feature_word_is_replaced_and_not_added_to()
    {
        _device.WriteFeatures(ulong.MaxValue);
        _device.WriteFeatures(VirtioFeature.Version1 | (1UL << 5));
        Assert.Equal(VirtioFeature.Version1 | (1UL << 5), _device.Registers.DriverFeatures);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(32)]
    [InlineData(uint.MaxValue)]
    public void Feature_words_from_the_third_on_do_not_exist(uint word)
    {
        _device.WriteFeatures(VirtioFeature.Version1);
        _device.Write(MmioRegister.DriverFeaturesSel, word);
        _device.Write(MmioRegister.DriverFeatures, uint.MaxValue);
        Assert.Equal(VirtioFeature.Version1, _device.Registers.DriverFeatures);
    }

    [Fact]
    public void After_FEATURES_OK_the_features_stand()
    {
        _device.Negotiate(VirtioFeature.Version1);
        _device.WriteFeatures(TestDevice.Features);
        Assert.Equal(VirtioFeature.Version1, _device.Registers.DriverFeatures);
    }

    [Fact]
    public void DRIVER_OK_starts_the_device_once()
    {
        _device.Negotiate();
        _device.SetDriverOk();
        _device.SetDriverOk();
        Assert.Equal(UpToFeaturesOk | DeviceStatus.DriverOk, _device.Status);
        Assert.Equal(new DeviceCommand(DeviceCommandKind.Start), _device.Take());
        Assert.Equal(1, _device.Owner.Posted);
        Assert.Equal(0, _device.Owner.PostedHeld);
    }

    [Fact]
    public void DRIVER_OK_without_FEATURES_OK_is_ignored()
    {
        _device.Write(MmioRegister.Status, TestDevice.AcknowledgeAndDriver | DeviceStatus.DriverOk);
        Assert.Equal(TestDevice.AcknowledgeAndDriver, _device.Status);
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void DRIVER_OK_together_with_a_refused_FEATURES_OK_is_ignored()
    {
        _device.WriteFeatures(ulong.MaxValue);
        _device.SetDriverOk();
        Assert.Equal(TestDevice.AcknowledgeAndDriver, _device.Status);
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void Clearing_single_bits_is_ignored()
    {
        _device.Run();
        _device.Write(MmioRegister.Status, DeviceStatus.Acknowledge);
        Assert.Equal(UpToFeaturesOk | DeviceStatus.DriverOk, _device.Status);
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void A_driver_can_set_neither_DEVICE_NEEDS_RESET_nor_bits_that_do_not_exist()
    {
        _device.Write(MmioRegister.Status, 0xFFFF_FF00 | DeviceStatus.NeedsReset | 0x30);
        Assert.Equal(0u, _device.Status);
    }

    [Fact]
    public void FAILED_stops_the_device_and_does_not_start_it()
    {
        _device.Negotiate();
        _device.Write(MmioRegister.Status, UpToFeaturesOk | DeviceStatus.DriverOk | DeviceStatus.Failed);
        Assert.Equal(new DeviceCommand(DeviceCommandKind.Fail), _device.Take());
        Assert.True(_device.Registers.Commands.IsEmpty);
        Assert.NotEqual(0u, _device.Status & DeviceStatus.Failed);
    }

    [Fact]
    public void NEEDS_RESET_is_told_to_a_running_driver_once()
    {
        _device.Run();
        Assert.True(_device.Registers.SetNeedsReset());
        Assert.False(_device.Registers.SetNeedsReset());
        Assert.NotEqual(0u, _device.Status & DeviceStatus.NeedsReset);
    }

    [Fact]
    public void NEEDS_RESET_before_DRIVER_OK_is_seen_and_not_told()
    {
        Assert.False(_device.Registers.SetNeedsReset());
        Assert.Equal(DeviceStatus.NeedsReset, _device.Status);
    }

    [Fact]
    public void Where_the_guest_is_to_use_grants_features_without_ACCESS_PLATFORM_are_refused()
    {
        RegisterFileLayout layout = new() { QueueSizes = [64], WritableFields = [], IsRam = (_, _) => true, RequiredFeatures = VirtioFeature.AccessPlatform };
        RegisterFile registers = new(layout, new RecordingOwner());
        registers.Publish(new DeviceOffer(2, 1, VirtioFeature.Version1 | VirtioFeature.AccessPlatform));
        registers.TryWrite(0, MmioRegister.DriverFeaturesSel, 4, 1);
        registers.TryWrite(0, MmioRegister.DriverFeatures, 4, VirtioFeature.Version1 >> 32);
        registers.TryWrite(0, MmioRegister.Status, 4, 11);
        Assert.False(registers.AreFeaturesSet);
        registers.TryWrite(0, MmioRegister.DriverFeatures, 4, (VirtioFeature.Version1 | VirtioFeature.AccessPlatform) >> 32);
        registers.TryWrite(0, MmioRegister.Status, 4, 11);
        Assert.True(registers.AreFeaturesSet);
    }
}
