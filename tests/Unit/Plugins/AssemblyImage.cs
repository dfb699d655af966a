using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace XenDmHost.UnitTests.Plugins;

/// <summary>
/// Writes an assembly that looks like a plugin from outside: its attribute, its class and its references, each as the
/// test wants them. It has no code; the gate must not need any.
/// </summary>
internal sealed record AssemblyImage
{
    internal string PluginName { get; init; } = "snd";

    internal string TypeName { get; init; } = "Some.Plugin";

    internal Version Contract { get; init; } = new(1, 0, 0, 0);

    internal string AttributeAssembly { get; init; } = "XenDmHost.Abstractions";

    internal TypeAttributes ClassAttributes { get; init; } = TypeAttributes.Public | TypeAttributes.Class;

    internal Version Runtime { get; init; } = new(10, 0, 0, 0);

    internal (string Name, Version Version)? OtherReference { get; init; }

    internal bool HasAttribute { get; init; } = true;

    internal void Write(string path)
    {
        MetadataBuilder metadata = new();
        metadata.AddModule(0, metadata.GetOrAddString("plugin.dll"), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        AssemblyDefinitionHandle assembly = metadata.AddAssembly(
            metadata.GetOrAddString("Plugin"), new Version(1, 0), default, default, default, AssemblyHashAlgorithm.None);
        AssemblyReferenceHandle runtime = Refer(metadata, "System.Runtime", Runtime);
        if (OtherReference is { } other)
        {
            Refer(metadata, other.Name, other.Version);
        }

        AddClass(metadata, "", "<Module>", default, default);
        AddClass(metadata, "Some", "Plugin", ClassAttributes,
            metadata.AddTypeReference(runtime, metadata.GetOrAddString("System"), metadata.GetOrAddString("Object")));
        if (HasAttribute)
        {
            AddAttribute(metadata, assembly, runtime);
        }

        BlobBuilder image = new();
        new ManagedPEBuilder(new PEHeaderBuilder(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        File.WriteAllBytes(path, image.ToArray());
    }

    private void AddAttribute(MetadataBuilder metadata, AssemblyDefinitionHandle assembly, AssemblyReferenceHandle runtime)
    {
        TypeReferenceHandle attribute = metadata.AddTypeReference(
            Refer(metadata, AttributeAssembly, Contract),
            metadata.GetOrAddString("XenDmHost.Abstractions"),
            metadata.GetOrAddString("DevicePluginAttribute"));
        TypeReferenceHandle type = metadata.AddTypeReference(
            runtime, metadata.GetOrAddString("System"), metadata.GetOrAddString("Type"));
        BlobBuilder signature = new();
        new BlobEncoder(signature).MethodSignature(isInstanceMethod: true).Parameters(
            2,
            returnType => returnType.Void(),
            parameters =>
            {
                parameters.AddParameter().Type().String();
                parameters.AddParameter().Type().Type(type, isValueType: false);
            });
        BlobBuilder arguments = new();
        arguments.WriteUInt16(1);
        arguments.WriteSerializedString(PluginName);
        arguments.WriteSerializedString(TypeName);
        arguments.WriteUInt16(0);
        metadata.AddCustomAttribute(
            assembly,
            metadata.AddMemberReference(attribute, metadata.GetOrAddString(".ctor"), metadata.GetOrAddBlob(signature)),
            metadata.GetOrAddBlob(arguments));
    }

    private static AssemblyReferenceHandle Refer(MetadataBuilder metadata, string name, Version version) =>
        metadata.AddAssemblyReference(metadata.GetOrAddString(name), version, default, default, default, default);

    private static void AddClass(
        MetadataBuilder metadata, string space, string name, TypeAttributes attributes, EntityHandle baseType) =>
        metadata.AddTypeDefinition(
            attributes, metadata.GetOrAddString(space), metadata.GetOrAddString(name), baseType,
            MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
}
