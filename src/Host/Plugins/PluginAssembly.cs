using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace XenDmHost.Host.Plugins;

/// <summary>What the gate needs to know of one assembly, read from its metadata without loading it.</summary>
internal sealed class PluginAssembly
{
    private const string AttributeName = "DevicePluginAttribute";
    private const ushort AttributeProlog = 1;

    /// <summary>The first argument of <c>[assembly: DevicePlugin]</c>.</summary>
    internal required string PluginName { get; init; }

    /// <summary>The second argument: the full name of a type.</summary>
    internal required string TypeName { get; init; }

    /// <summary>True when that type is a public class of this assembly that can be created.</summary>
    internal required bool TypeIsUsable { get; init; }

    /// <summary>The assemblies that it was compiled against.</summary>
    internal required IReadOnlyDictionary<string, Version> References { get; init; }

    /// <summary>
    /// Reads <paramref name="path"/>; null when it is no .NET assembly or carries no <c>[assembly: DevicePlugin]</c>.
    /// </summary>
    /// <exception cref="BadImageFormatException">The file is damaged, or only half there.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static PluginAssembly? Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using PEReader pe = new(file);
        if (!pe.HasMetadata)
        {
            return null;
        }

        MetadataReader reader = pe.GetMetadataReader();
        return reader.IsAssembly ? Read(reader) : null;
    }

    private static PluginAssembly? Read(MetadataReader reader)
    {
        foreach (CustomAttributeHandle handle in reader.GetAssemblyDefinition().GetCustomAttributes())
        {
            CustomAttribute attribute = reader.GetCustomAttribute(handle);
            if (IsDevicePlugin(reader, attribute))
            {
                return Read(reader, attribute);
            }
        }

        return null;
    }

    private static PluginAssembly Read(MetadataReader reader, CustomAttribute attribute)
    {
        (string name, string typeName) = ReadArguments(reader, attribute);
        return new PluginAssembly
        {
            PluginName = name,
            TypeName = typeName,
            TypeIsUsable = HasPublicClass(reader, typeName),
            References = ReadReferences(reader),
        };
    }

    /// <summary>The attribute counts only when it is the contract's own, not another of that name.</summary>
    private static bool IsDevicePlugin(MetadataReader reader, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
        {
            return false;
        }

        EntityHandle parent = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference)
        {
            return false;
        }

        TypeReference type = reader.GetTypeReference((TypeReferenceHandle)parent);
        return type.ResolutionScope.Kind == HandleKind.AssemblyReference
            && reader.StringComparer.Equals(type.Name, AttributeName)
            && reader.StringComparer.Equals(type.Namespace, SharedContract.AssemblyName)
            && reader.StringComparer.Equals(
                reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name, SharedContract.AssemblyName);
    }

    /// <summary>The arguments (string, Type) in the encoding of ECMA-335 II.23.3: a Type is the string of its name.</summary>
    private static (string Name, string TypeName) ReadArguments(MetadataReader reader, CustomAttribute attribute)
    {
        BlobReader blob = reader.GetBlobReader(attribute.Value);
        if (blob.ReadUInt16() != AttributeProlog)
        {
            throw new BadImageFormatException("the DevicePlugin attribute has no readable arguments");
        }

        string name = blob.ReadSerializedString() ?? "";
        string typeName = blob.ReadSerializedString() ?? "";
        return (name, typeName.Split(',')[0]);
    }

    private static bool HasPublicClass(MetadataReader reader, string fullName)
    {
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            string space = reader.GetString(type.Namespace);
            string name = reader.GetString(type.Name);
            if (fullName == (space.Length == 0 ? name : $"{space}.{name}"))
            {
                return (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public
                    && !type.Attributes.HasFlag(TypeAttributes.Abstract); // Interfaces and static classes are abstract too.
            }
        }

        return false;
    }

    private static Dictionary<string, Version> ReadReferences(MetadataReader reader)
    {
        Dictionary<string, Version> references = new(StringComparer.OrdinalIgnoreCase);
        foreach (AssemblyReferenceHandle handle in reader.AssemblyReferences)
        {
            AssemblyReference reference = reader.GetAssemblyReference(handle);
            references.TryAdd(reader.GetString(reference.Name), reference.Version);
        }

        return references;
    }
}
