using Microsoft.Extensions.Logging;

namespace XenDmHost.Host.Plugins;

/// <summary>The plugins of this process: what is installed, and what is loaded. Safe to use from several threads.</summary>
internal sealed class PluginRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PluginHandle> _loaded = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _roots;
    private readonly ILogger<PluginRegistry> _logger;
    private PluginCatalogue _catalogue;

    internal PluginRegistry(IReadOnlyList<string> roots, ILogger<PluginRegistry> logger)
    {
        _roots = roots;
        _logger = logger;
        _catalogue = Scan();
    }

    internal PluginCatalogue Catalogue
    {
        get
        {
            lock (_lock)
            {
                return _catalogue;
            }
        }
    }

    /// <summary>The plugin that a guest file means, loaded if it is not yet: the pinned version or the highest usable one.</summary>
    /// <exception cref="PluginException">There is none, it is refused, or it cannot be loaded.</exception>
    internal PluginHandle Open(string name, string? version = null)
    {
        lock (_lock)
        {
            return Load(_catalogue.Choose(name, version));
        }
    }

    /// <summary>Looks at the folders again. Plugins that are loaded stay; new versions are used by the next <see cref="Open"/>.</summary>
    internal void Rescan()
    {
        PluginCatalogue catalogue = Scan();
        lock (_lock)
        {
            _catalogue = catalogue;
        }
    }

    internal PluginHandle Load(PluginManifest manifest)
    {
        lock (_lock)
        {
            if (!_loaded.TryGetValue(manifest.AssemblyPath, out PluginHandle? handle))
            {
                handle = PluginHandle.Load(manifest);
                _loaded.Add(manifest.AssemblyPath, handle);
                PluginLog.Loaded(_logger, manifest.Folder.Name, manifest.Folder.Version.Text, manifest.Folder.Path);
            }

            return handle;
        }
    }

    private PluginCatalogue Scan()
    {
        PluginCatalogue catalogue = PluginCatalogue.Scan(_roots);
        foreach (PluginFinding finding in catalogue.Findings)
        {
            PluginLog.Finding(_logger, finding.Path, finding.Message);
        }

        foreach (PluginEntry entry in catalogue.Entries.Where(entry => entry.Refusal is not null))
        {
            PluginLog.Refused(_logger, entry.Refusal!, entry.Folder.Path);
        }

        return catalogue;
    }
}
