using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace XenDmHost.ArchitectureTests;

/// <summary>Reads which assemblies an assembly refers to, without loading it.</summary>
internal static class AssemblyReferences
{
    internal static IReadOnlyList<string> Of(string path)
    {
        using PEReader image = new(File.OpenRead(path));
        MetadataReader metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    /// <summary>The base class library: no package of somebody's.</summary>
    internal static bool IsSystem(string name) =>
        name is "netstandard" or "mscorlib" or "System" || name.StartsWith("System.", StringComparison.Ordinal) && name != "System.CommandLine";
}
