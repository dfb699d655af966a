namespace XenDmHost.Host.XenStore;

/// <summary>One message as it came from the store.</summary>
internal readonly record struct XenStoreMessage(MessageHeader Header, byte[] Payload);
