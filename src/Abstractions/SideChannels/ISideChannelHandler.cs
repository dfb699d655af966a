namespace XenDmHost.Abstractions;

/// <summary>
/// The plugin's side of one side channel, from the moment the back-end gets its socket until that is closed. Called by one
/// thread, which belongs to this channel alone: what is slow here holds up this back-end and nothing else.
/// </summary>
public interface ISideChannelHandler : IDisposable
{
    /// <summary>
    /// Handles one message. The back-end is not trusted: check every number. An exception counts as a violation and is
    /// logged as the plugin's fault.
    /// </summary>
    /// <param name="message">The message; its payload and its descriptors are valid until this returns.</param>
    /// <returns>What is to be answered, if anything.</returns>
    SideChannelOutcome Receive(SideChannelMessage message);
}
