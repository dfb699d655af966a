namespace XenDmHost.Host.Config.Json;

/// <summary>Reads a configuration file as a whole.</summary>
internal static class ConfigFileBytes
{
    /// <summary>The largest file that is read. A guest file with 64 devices has some 50 KiB.</summary>
    internal const int MaxSize = 1024 * 1024;

    /// <summary>Returns the file's bytes, or null after an error, which is added to <paramref name="errors"/>.</summary>
    internal static byte[]? Read(string path, ConfigErrorList errors)
    {
        if (Directory.Exists(path))
        {
            errors.AddFile("is a folder, not a file");
            return null;
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            // One byte more than allowed tells a file that is too large from one that just fits; the size that the
            // file system reports says nothing about pipes and /proc.
            byte[] bytes = new byte[MaxSize + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length <= MaxSize)
            {
                return bytes[..length];
            }

            errors.AddFile($"is larger than {MaxSize} bytes, too large for a configuration file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.AddFile($"cannot be read: {Reason(e)}");
        }

        return null;
    }

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "permission denied; make it readable for the user that runs this command",
        _ => e.Message,
    };
}
