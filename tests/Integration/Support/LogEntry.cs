using Microsoft.Extensions.Logging;

namespace XenDmHost.IntegrationTests.Support;

/// <summary>One line that the host logged.</summary>
internal sealed record LogEntry(LogLevel Level, string Category, string Message, Exception? Exception);
