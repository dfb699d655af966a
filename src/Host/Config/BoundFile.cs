using Microsoft.Extensions.Configuration;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config;

/// <summary>Binds the bytes of a file that passed its checks.</summary>
internal static class BoundFile
{
    internal static IConfigurationRoot Load(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return new ConfigurationBuilder().AddJsonStream(stream).Build();
    }

    /// <summary>Binds <paramref name="configuration"/>, or adds an error and returns null.</summary>
    /// <remarks>
    /// The checks are meant to be stricter than the binder. Where they are not, the user gets a message and not a stack
    /// trace; the binder's own names the key.
    /// </remarks>
    internal static T? Bind<T>(IConfiguration configuration, JsonTreeNode root, ConfigErrorList errors)
        where T : class, new()
    {
        try
        {
            return configuration.Get<T>(options => options.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException e)
        {
            errors.Add(root, e.InnerException?.Message ?? e.Message);
            return null;
        }
    }
}
